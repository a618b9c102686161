/**
 * Post-processors.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.post.Template}: special tokens around one text or two.
 *   <li>{@link dev.galen.tokenizer.post.OneSegment}: one whose texts are all of one segment.
 *   <li>{@link dev.galen.tokenizer.post.OffsetTrimming}: takes whitespace out of offsets.
 *   <li>{@link dev.galen.tokenizer.post.Chain}: several, one behind the other.
 * </ul>
 */
package dev.galen.tokenizer.post;
