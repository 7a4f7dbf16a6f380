/** When to stop: immutable policies, their watches and their decisions. */
package io.stopcast.policy;
