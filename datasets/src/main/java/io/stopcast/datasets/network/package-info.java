/** A multilayer perceptron of our own, whose numbers are the same on every machine. */
package io.stopcast.datasets.network;
