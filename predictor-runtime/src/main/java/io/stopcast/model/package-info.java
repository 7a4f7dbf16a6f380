/** The model file: checked without native code, scored in plain Java or by ONNX Runtime. */
package io.stopcast.model;
