/** Published models: versions, aliases, and what guards the champion. */
package io.stopcast.registry;
