/** Training with Tribuo's stochastic gradient descent that ends when more epochs do not pay. */
package io.stopcast.tribuo;
