/** When to stop a run beside others of its sweep: immutable policies, and sweeps whose watches share what they know. */
package io.stopcast.sweep;
