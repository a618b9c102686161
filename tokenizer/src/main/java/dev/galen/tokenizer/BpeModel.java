package dev.galen.tokenizer;

/**
 * The BPE model itself: what turns the bytes of a word into ids.
 *
 * @param vocabulary its tokens, in byte-level spelling
 * @param merges its merges, best rank first
 * @param ignoreMerges whether a whole word that is a token is taken as it is
 */
record BpeModel(Vocabulary vocabulary, Merges merges, boolean ignoreMerges) {}
