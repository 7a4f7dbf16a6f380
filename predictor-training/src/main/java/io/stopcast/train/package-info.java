/** From history to a model file: rows, splits by task, trees, ONNX export. */
package io.stopcast.train;
