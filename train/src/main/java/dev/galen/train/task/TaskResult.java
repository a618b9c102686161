package dev.galen.train.task;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a task measured of a trained model.
 *
 * @param figures by name, for programs
 * @param lines for people, one figure or several each
 * @param markdown a section of the report, or nothing
 * @param samples prompts with their continuations
 * @param pictures SVG by file name
 */
public record TaskResult(
    SequencedMap<String, ? extends Number> figures,
    List<String> lines,
    String markdown,
    List<Sample> samples,
    Map<String, String> pictures) {
  /**
   * A prompt and what the model made of it.
   *
   * @param prompt given
   * @param continuation what the model said
   */
  public record Sample(String prompt, String continuation) {}
}
