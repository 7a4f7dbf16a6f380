package io.stopcast.replay;

/**
 * One point of a policy's trade-off curve: means over runs and then tasks.
 *
 * @param policy the row of the table that it belongs to
 * @param setting which of its settings or thresholds; the policy itself where it has none
 * @param regret in units of the task's scale
 * @param compute share of the recorded cost that was spent
 */
public record TradeOffRow(String policy, String setting, double regret, double compute) {}
