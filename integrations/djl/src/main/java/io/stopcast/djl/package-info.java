/** Trainings with DJL that end when more epochs do not pay. */
package io.stopcast.djl;
