/** From steps to features: the one extractor that live runs, replay and training share. */
package io.stopcast.feature;
