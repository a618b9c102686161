package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.train.data.Origin;
import dev.galen.train.data.Resampling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Training documents of a source, some of them left out or given several times: a share for a
 * learning curve, or as many of each label by {@link Resampling}. Only the labels are held in
 * memory. A repeated document stands behind the original, its id with {@code *2}, {@code *3} and so
 * on.
 */
public final class SelectedSource implements DocumentSource {
  /** How classes are made equal. */
  public enum Balance {
    /** They are not. */
    NONE,
    /** As many of each label as the most frequent one has. */
    OVERSAMPLE,
    /** As many of each label as the rarest one has. */
    UNDERSAMPLE
  }

  private final DocumentSource source;
  private final int[] times;

  private SelectedSource(DocumentSource source, int[] times) {
    this.source = source;
    this.times = times;
  }

  /**
   * Chooses documents.
   *
   * @param labelField the field with a document's label, by which shares are stratified; null for
   *     none
   * @param share of the documents, in (0, 1]; taken before they are balanced
   * @param splitField the field that marks what is no training document, which is refused
   * @throws IOException if the source cannot be read, or a document has no label
   */
  public static SelectedSource of(
      DocumentSource source,
      String labelField,
      double share,
      Balance balance,
      long seed,
      String splitField)
      throws IOException {
    if (labelField == null && balance != Balance.NONE) {
      throw new IllegalArgumentException(
          "documents cannot be balanced without --label-field; name the field with their labels");
    }
    List<String> labels = labels(source, labelField, splitField);
    int size = LearningCurve.size(labels.size(), share);
    int[] chosen = Arrays.copyOf(LearningCurve.order(labels, label -> label, seed), size);
    Arrays.sort(chosen);
    List<Integer> places = IntStream.of(chosen).boxed().toList();
    List<Integer> selected =
        switch (balance) {
          case NONE -> places;
          case OVERSAMPLE -> Resampling.oversampled(places, labels::get, seed);
          case UNDERSAMPLE -> Resampling.undersampled(places, labels::get, seed);
        };
    var times = new int[labels.size()];
    for (int place : selected) {
      times[place]++;
    }
    return new SelectedSource(source, times);
  }

  private static List<String> labels(DocumentSource source, String labelField, String splitField)
      throws IOException {
    List<String> labels = new ArrayList<>();
    Map<String, String> known = new HashMap<>();
    source.read(
        new Sink() {
          @Override
          public void accept(Document document) throws IOException {
            AugmentStep.requireTraining(document, splitField);
            String label = labelField == null ? "" : document.field(labelField);
            if (label == null) {
              throw document.origin().error("no field " + labelField + "; expected a label");
            }
            labels.add(known.computeIfAbsent(label, l -> l));
          }

          @Override
          public void reject(Origin origin, String problem) {}

          @Override
          public void end() {}
        });
    return labels;
  }

  @Override
  public void read(Sink sink) throws IOException {
    source.read(
        new Sink() {
          private int place;

          @Override
          public void accept(Document document) throws IOException {
            int count = times[place++];
            for (int i = 1; i <= count; i++) {
              sink.accept(
                  i == 1
                      ? document
                      : new Document(
                          document.id() + "*" + i,
                          document.text(),
                          document.fields(),
                          document.annotations(),
                          document.origin()));
            }
          }

          @Override
          public void reject(Origin origin, String problem) throws IOException {
            sink.reject(origin, problem);
          }

          @Override
          public void end() throws IOException {
            sink.end();
          }
        });
  }

  @Override
  public String stamp() throws IOException {
    return source.stamp();
  }
}
