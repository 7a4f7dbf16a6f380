package io.stopcast.replay;

import java.util.List;

/**
 * What could have been saved at which mean regret.
 *
 * @param learned for each price that the learned policy was asked at, as its threshold moves
 * @param rules over all settings of all families
 * @param reached [price][run][threshold]: where the learned policy would have stopped; null for a price at which it has no score
 */
record TradeOffs(List<TradeOff> learned, TradeOff rules, int[][][] reached) {}
