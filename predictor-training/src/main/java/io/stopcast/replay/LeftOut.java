package io.stopcast.replay;

/**
 * What a split cannot ask about.
 *
 * @param runs how many runs are not judged
 * @param tasks how many tasks these are of; others of their runs may be judged
 * @param why what they lack, as the end of a sentence
 */
public record LeftOut(int runs, int tasks, String why) {}
