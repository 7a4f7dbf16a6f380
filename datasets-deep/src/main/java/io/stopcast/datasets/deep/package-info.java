/** Families that train small neural networks with PyTorch: convolutions on images, transformers on sequences. */
package io.stopcast.datasets.deep;
