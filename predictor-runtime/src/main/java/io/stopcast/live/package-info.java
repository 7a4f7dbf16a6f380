/** What goes on around a policy while a run is live: keeping what was shown and decided. */
package io.stopcast.live;
