package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.baseline.SparseVector;
import dev.galen.examples.clinical.baseline.TfIdf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the training question that is nearest to another: the greatest cosine by TF-IDF. */
final class NearestQuestion {
  private final TfIdf words;

  /** Of each word the questions that have it, with its weight there. */
  private final Map<Integer, List<Posting>> postings = new HashMap<>();

  private record Posting(int question, double weight) {}

  private NearestQuestion(TfIdf words, List<SparseVector> vectors) {
    this.words = words;
    for (int q = 0; q < vectors.size(); q++) {
      SparseVector vector = vectors.get(q);
      for (int i = 0; i < vector.indices().length; i++) {
        postings
            .computeIfAbsent(vector.indices()[i], word -> new ArrayList<>())
            .add(new Posting(q, vector.values()[i]));
      }
    }
  }

  /** Learns questions. */
  static NearestQuestion of(List<String> questions) {
    TfIdf words = TfIdf.of(questions, TfIdf.Settings.DEFAULT);
    return new NearestQuestion(words, words.vectors(questions));
  }

  /** The place of the nearest one, the first of several; 0 where none has a word in common. */
  int to(String question) {
    SparseVector vector = words.vector(question);
    var cosines = new HashMap<Integer, Double>();
    for (int i = 0; i < vector.indices().length; i++) {
      double weight = vector.values()[i];
      for (Posting posting : postings.get(vector.indices()[i])) {
        cosines.merge(posting.question(), weight * posting.weight(), Double::sum);
      }
    }
    int best = 0;
    double most = 0;
    for (var entry : cosines.entrySet()) {
      double cosine = entry.getValue();
      if (cosine > most || cosine == most && entry.getKey() < best) {
        most = cosine;
        best = entry.getKey();
      }
    }
    return best;
  }
}
