/** What goes on around a policy while a run is live: models that change under way, faults that never reach the trainer, snapshots, logs. */
package io.stopcast.live;
