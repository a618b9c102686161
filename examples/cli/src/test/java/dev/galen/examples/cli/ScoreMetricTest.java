package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code galen score --metric}: figures of the references, and what is refused. */
class ScoreMetricTest {
  @TempDir private Path folder;

  private Run run(String metric, String rows, String... options) throws IOException {
    Path file = folder.resolve("rows.jsonl");
    Files.writeString(file, rows);
    var words = new ArrayList<>(List.of("score", "--metric", metric, "--data", file.toString()));
    words.addAll(List.of(options));
    words.add("--json");
    return Run.galen(words.toArray(String[]::new));
  }

  private JsonNode score(String metric, String rows, String... options) throws IOException {
    return run(metric, rows, options).object();
  }

  private double value(String metric, String rows, String... options) throws IOException {
    return score(metric, rows, options).required("score").asDouble();
  }

  /** The corpus of the shared case sacrebleu-corpus-13a. */
  private static final String CORPUS =
      """
      {"prediction": "The patient's BP was 140/90 mmHg; HR 88.", "reference": "The patient had a BP of 140/90 mmHg and HR 88."}
      {"hypothesis": "No acute distress (A&Ox3).", "references": ["She was in no acute distress, A&Ox3."]}

      {"pred": "Discharged home on metoprolol 25mg b.i.d.", "target": "She was discharged home on metoprolol 25 mg b.i.d."}
      """;

  @Test
  void texts() throws IOException {
    JsonNode bleu = score("sacrebleu", CORPUS);
    assertEquals(31.41138185774696, bleu.required("score").asDouble(), 1e-9);
    assertEquals(
        "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0",
        bleu.required("signature").asText());
    assertEquals(3, bleu.required("rows").asInt());
    assertEquals(18.70274255449444, bleu.required("sentences").get(1).asDouble(), 1e-9);
    String signature =
        score("sacrebleu", CORPUS, "--smooth-method", "floor", "--smooth-value", "0.01")
            .required("signature")
            .asText();
    assertTrue(signature.contains("smooth:floor[0.01]"), signature);
    String columns =
        """
        {"hypotheses": ["no pain", "yes"], "references": [["no pain now", "yes"]]}
        """;
    assertEquals(0, value("sacrebleu", columns));
    assertEquals(71.65313105737896, value("bleu", columns, "--effective-order"), 1e-9);
    assertEquals(100, value("chrf++", "{\"prediction\": \"a b\", \"reference\": \"a b\"}"), 1e-9);
    assertEquals(50, value("ter", "{\"prediction\": \"a c\", \"reference\": [\"a b\"]}"));
    String words =
        """
        {"references": [["the", "patient", "was", "discharged", "home", "in", "stable", "condition", "on", "day", "three"]], "hypothesis": ["the", "patient", "was", "discharged", "home"]}
        """;
    assertEquals(0.301194211912202, value("nltk.sentence_bleu", words), 1e-9);
    JsonNode rouge =
        score(
            "rouge",
            "{\"target\": \"testing one two\", \"prediction\": \"testing\"}",
            "--rouge-types",
            "rouge1,rougeLsum");
    assertEquals(0.5, rouge.required("rougeLsum").required("fmeasure").asDouble(), 1e-12);
    assertEquals(
        1,
        value(
            "exact_match",
            "{\"prediction\": \"Yes!\", \"reference\": \"yes\"}",
            "--ignore-case",
            "--ignore-punctuation"));
    JsonNode perplexity =
        score("perplexity", "{\"logprobs\": [-1, -3]}\n{\"loss\": 1, \"tokens\": 2}\n");
    assertEquals(Math.exp(1.5), perplexity.required("corpus_perplexity").asDouble(), 1e-9);
    assertEquals(
        (Math.exp(2) + Math.exp(1)) / 2,
        perplexity.required("mean_text_perplexity").asDouble(),
        1e-9);
  }

  @Test
  void classes() throws IOException {
    String rows =
        """
        {"y_true": [1, 0, 1, 1, 0, 0, 1, 0, 1, 1], "y_pred": [1, 0, 0, 1, 0, 1, 1, 0, 0, 1]}
        """;
    assertEquals(0.7272727272727272, value("f1", rows), 1e-12);
    assertEquals(0.7, value("accuracy", rows), 1e-12);
    JsonNode all = score("classification", rows, "--average", "binary");
    assertEquals(0.8, all.required("precision").asDouble(), 1e-12);
    assertEquals("[[3.0,1.0],[2.0,4.0]]", all.required("confusion_matrix").toString());
    assertEquals(
        "nan",
        score("f1", "{\"label\": 0, \"prediction\": 0}", "--zero-division", "nan")
            .required("score")
            .asText());
    String named =
        "{\"label\": \"yes\", \"prediction\": \"no\"}\n{\"label\": \"no\", \"prediction\": \"no\"}";
    assertEquals(
        "[\"no\",\"yes\"]", score("confusion_matrix", named).required("labels").toString());
    assertEquals(0, value("recall", named, "--pos-label", "yes"));
    String several =
        "{\"labels\": [0, 1, 1], \"predictions\": [0, 1, 0]}\n"
            + "{\"labels\": [1, 0, 0], \"predictions\": [1, 0, 0]}";
    assertEquals(5 / 6.0, value("f1", several, "--average", "samples"), 1e-12);
    assertEquals(0.5, value("accuracy", several));
    String tags =
        "{\"labels\": [\"B-A\", \"I-A\", \"O\"], \"predictions\": [\"I-A\", \"I-A\", \"O\"]}";
    assertEquals(1, value("seqeval", tags));
    assertEquals(0, value("entity_f1", tags, "--mode", "strict", "--scheme", "IOB2"));
  }

  @Test
  void rankingAndNumbers() throws IOException {
    String rows =
        """
        {"y_true": [0, 0, 1, 1, 0, 1, 1, 0], "y_score": [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.2]}
        """;
    assertEquals(0.8125, value("roc_auc", rows), 1e-12);
    Path picture = folder.resolve("ece.svg");
    score("ece", rows, "--bins", "5", "--plot", picture.toString());
    assertTrue(Files.readString(picture).startsWith("<svg"));
    assertEquals(
        "nan", score("roc_auc", "{\"label\": 1, \"score\": 0.5}").required("score").asText());
    String three =
        """
        {"label": "a", "probabilities": [0.7, 0.2, 0.1]}
        {"label": "b", "probabilities": [0.1, 0.8, 0.1]}
        {"label": "c", "probabilities": [0.3, 0.4, 0.3]}
        """;
    assertEquals(1, value("roc_auc", three, "--multi-class", "ovo"), 1e-12);
    assertEquals(-Math.log(0.7 * 0.8 * 0.3) / 3, value("log_loss", three), 1e-12);
    String numbers = "{\"label\": 1.5, \"prediction\": 2}\n{\"label\": 3, \"prediction\": 3}\n";
    assertEquals(0.125, value("mse", numbers));
    assertEquals(1, score("regression", numbers).required("pearson").asDouble(), 1e-12);
    String two = "{\"label\": 1, \"prediction\": 1, \"prediction_b\": 0}\n";
    assertEquals(0.25, score("mcnemar", two.repeat(3)).required("p_value").asDouble(), 1e-12);
    assertEquals(-1, score("paired_bootstrap", two.repeat(3)).required("difference").asDouble());
    assertEquals(3, score("wilson", two.repeat(3)).required("successes").asInt());
  }

  /** The form of the references' own test cases. */
  @Test
  void anObjectOfColumnsMayHaveOptions() throws IOException {
    String bleu =
        """
        {"hypotheses": ["no pain", "yes"], "references": [["no pain now", "yes"]], "smooth_method": "none", "smooth_value": null, "effective_order": true, "lowercase": false}
        """;
    JsonNode score = score("sacrebleu", bleu);
    assertEquals(71.65313105737896, score.required("score").asDouble(), 1e-9);
    assertEquals(
        "nrefs:1|case:mixed|eff:yes|tok:13a|smooth:none|version:2.6.0",
        score.required("signature").asText());
    String classes =
        """
        {"y_true": ["a", "b"], "y_pred": ["a", "a"], "labels": ["b", "a"], "average": "macro"}
        """;
    assertEquals("[\"b\",\"a\"]", score("classification", classes).required("labels").toString());
    assertEquals(1 / 3.0, value("f1", classes), 1e-12);
    assertEquals(0.5, value("f1", classes, "--average", "micro"), 1e-12);
  }

  @Test
  void refusals() throws IOException {
    refused("f1", "{\"label\": 1}", ":1: the row has no field \"prediction\"");
    refused(
        "f1",
        "{\"label\": 1, \"prediction\": 1}\n{\"label\": null, \"prediction\": 1}",
        ":2: field \"label\" is null, must be a label");
    refused(
        "sacrebleu",
        "{\"prediction\": 5, \"reference\": \"a\"}",
        ":1: field \"prediction\" is 5, must be a text");
    refused("sacrebleu", "[1]", ":1: is no JSON object");
    refused("sacrebleu", "", "is empty");
    refused("blue", CORPUS, "--metric is blue, must be one of sacrebleu");
    refused(
        "ter",
        CORPUS,
        "--lowercase is no option of --metric ter, which has --normalized",
        "--lowercase");
    refused(
        "sacrebleu", CORPUS, "--tokenize: there is no tokenizer \"mecab\"", "--tokenize", "mecab");
    refused("sacrebleu", CORPUS, "has no value", "--smooth-value", "1");
    refused(
        "f1",
        "{\"y_true\": [0, 1, 2], \"y_pred\": [0, 1, 1]}",
        "--average is binary, and there are 3 labels");
    refused(
        "mse",
        "{\"label\": \"x\", \"prediction\": 1}",
        ":1: field \"label\" is \"x\", must be a number");
    refused("f1", "{\"y_true\": [0, 1], \"y_pred\": [0]}", "entries");
  }

  private void refused(String metric, String rows, String reason, String... options)
      throws IOException {
    String refusal = run(metric, rows, options).refusal();
    assertTrue(refusal.contains(reason), refusal);
  }
}
