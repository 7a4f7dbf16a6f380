/** What a job needs that retrains by itself: its plan, its log, and whether runs are still like those that a model has learned from. */
package io.stopcast.nightly;
