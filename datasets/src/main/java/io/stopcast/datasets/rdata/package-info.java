/** Reads data frames from R's own files: {@code .rda} and the lazy-load pair {@code .rdx} and {@code .rdb}. */
package io.stopcast.datasets.rdata;
