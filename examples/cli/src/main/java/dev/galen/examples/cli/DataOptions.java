package dev.galen.examples.cli;

import dev.galen.train.data.Packing;
import dev.galen.train.run.DataSource;
import dev.galen.train.run.HeldOut;
import dev.galen.train.run.Resample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which of the data are learned, and how. What is not given is null. */
final class DataOptions {
  @Option(
      names = "--valid-share",
      paramLabel = "X",
      description =
          "How much of the training data is held out for validation, 0 to below 1 (default 0.1, and"
              + " nothing of tokenised data or of fewer than 20 examples).")
  Double validShare;

  @Option(
      names = "--valid-by",
      paramLabel = "NAME",
      description =
          "How it is chosen: hash (default), by what an example is, so that it keeps its side;"
              + " random, exactly the share, by --seed; class, so with the share of each class;"
              + " group:FIELD, so that rows with one value of the field, such as a patient's, are"
              + " all on one side.")
  String validBy;

  @Option(
      names = "--fold",
      paramLabel = "I/K",
      description =
          "Cross-validation: hold out the I-th of K parts, such as 2/5, by random (default),"
              + " class or group:FIELD.")
  String fold;

  @Option(
      names = "--stride",
      paramLabel = "N",
      description =
          "Tokens from one window of a long text to the next one's: where they overlap, tokens are"
              + " read again and not learned again (default: the length, without overlap).")
  Integer stride;

  @Option(
      names = "--resample",
      paramLabel = "NAME",
      description =
          "How often a classifier learns texts of rare classes: oversample, as often as the largest"
              + " class; undersample, all as often as the smallest; balanced, drawn with"
              + " replacement, each class as likely. Never what is measured.")
  String resample;

  @Option(
      names = "--group-by-length",
      description = "Batches of sequences of about one length, which have little padding.")
  boolean groupByLength;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Keep the encoded data in this folder and take them from there in later runs of the same"
              + " data, tokenizer and settings (default: none is kept).")
  Path cache;

  /** The source with what was given. */
  DataSource of(List<Path> train, Path validation, Integer length, Packing packing) {
    return new DataSource(
        train,
        validation,
        length,
        packing,
        heldOut(),
        stride,
        resample == null ? Resample.NONE : named("--resample", resample, Resample.values()),
        cache);
  }

  private HeldOut heldOut() {
    if (fold != null && validShare != null) {
      throw new IllegalArgumentException(
          "--valid-share is %s and --fold is %s; take one".formatted(validShare, fold));
    }
    if (fold != null) {
      return HeldOut.fold(fold, validBy == null ? "random" : validBy);
    }
    if (validShare == null && validBy == null) {
      return null;
    }
    return HeldOut.of(
        validShare == null ? HeldOut.TENTH.share() : validShare,
        validBy == null ? "hash" : validBy);
  }

  private static <E extends Enum<E>> E named(String option, String word, E[] values) {
    return Arrays.stream(values)
        .filter(value -> value.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is %s, expected one of %s"
                        .formatted(
                            option,
                            word,
                            Arrays.stream(values)
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")))));
  }

  /** What was given, as words of a command. */
  List<String> words() {
    var words = new ArrayList<String>();
    add(words, "--valid-share", validShare);
    add(words, "--valid-by", validBy);
    add(words, "--fold", fold);
    add(words, "--stride", stride);
    add(words, "--resample", resample);
    add(words, "--cache", cache);
    if (groupByLength) {
      words.add("--group-by-length");
    }
    return words;
  }

  private static void add(List<String> words, String name, Object value) {
    if (value != null) {
      words.addAll(List.of(name, CommandWords.quoted(value.toString())));
    }
  }
}
