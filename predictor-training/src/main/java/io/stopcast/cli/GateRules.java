package io.stopcast.cli;

import io.stopcast.registry.HeldOut;
import io.stopcast.registry.Margins;

/**
 * What a challenger must show.
 *
 * @param heldOut what it may not learn from
 * @param margins beside the champion
 * @param harm by how much it may be worse than never stopping on a source, in units of the price; infinite if nobody asks
 */
record GateRules(HeldOut heldOut, Margins margins, double harm) {}
