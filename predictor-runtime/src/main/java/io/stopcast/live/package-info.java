/** Watching live runs: models that change under way, faults that never reach the trainer, snapshots and decision logs. */
package io.stopcast.live;
