/** Reading recorded runs, and saying what is unusable and why. */
package io.stopcast.history;
