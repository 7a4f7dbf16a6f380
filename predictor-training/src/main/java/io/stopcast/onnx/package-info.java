/** The whole way from a run's raw values to a decision as one ONNX graph, for runtimes that are not Java. */
package io.stopcast.onnx;
