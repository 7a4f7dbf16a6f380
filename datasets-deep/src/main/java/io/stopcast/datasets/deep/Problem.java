package io.stopcast.datasets.deep;

/** A question and its right answer; each character is a token. */
record Problem(String prompt, String answer) {}
