package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.LenientJson;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TokenFile;
import dev.galen.train.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder that keeps encoded data, so that a later run of the same data, tokenizer and settings
 * reads neither texts nor rows but maps the sequences. Files are named by a digest of all that the
 * sequences follow from, are written aside and renamed, and are checked when they are read: a run
 * that is killed leaves whole files or none, and what is damaged is made anew. Nothing is ever
 * removed; the folder may be, at any time.
 */
final class SequenceCache {
  /** To be raised when the same data and settings come to mean other sequences. */
  private static final String FORM = "galen sequences 1";

  private final Path folder;
  private final String data;
  private final RunListener listener;

  private SequenceCache(Path folder, String data, RunListener listener) {
    this.folder = folder;
    this.data = data;
    this.listener = listener;
  }

  /**
   * The cache of a run; empty where it has none.
   *
   * @throws IOException if the folder cannot be made, or data cannot be read
   */
  static Optional<SequenceCache> of(FineTuningSpec spec, Task<?> task, RunListener listener)
      throws IOException {
    DataSource source = spec.data();
    if (source.cache() == null || source.train().isEmpty()) {
      return Optional.empty();
    }
    if (!task.getClass().getPackageName().startsWith("dev.galen.train.")) {
      listener.onNotice(
          "the task %s is not Galen's own, so nothing is kept in %s"
              .formatted(task.name(), source.cache()));
      return Optional.empty();
    }
    if (Files.exists(source.cache()) && !Files.isDirectory(source.cache())) {
      throw new IOException(source.cache() + ": is a file; cache names a folder");
    }
    Files.createDirectories(source.cache());
    var digest = new ContentDigest().text(FORM).text(task.name());
    for (Path file : RunData.train(source)) {
      digest.data(file);
    }
    Path validation = RunData.validation(source);
    digest.text(validation == null ? "no validation" : "validation");
    if (validation != null) {
      digest.data(validation);
    }
    digest.text(String.valueOf(source.heldOut())).text(spec.training().seed() + "");
    return Optional.of(new SequenceCache(source.cache(), digest.hex(), listener));
  }

  /** How many examples the data have, if they were counted before. */
  Optional<DataCounts> counts() {
    Path file = folder.resolve(data + ".json");
    try {
      return Files.exists(file)
          ? Optional.of(DataCounts.of(new JsonFields(LenientJson.readObject(file))))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // counted anew
    }
  }

  void keep(DataCounts counts) throws IOException {
    AtomicFile.writeString(folder.resolve(data + ".json"), LenientJson.text(counts.json()));
  }

  /** What makes the sequences of the data be what they are. */
  static String settings(RunModel<?> model, FineTuningSpec spec, int length) throws IOException {
    var digest = new ContentDigest().text(model.config().toString());
    if (model.tokenizer().isPresent()) {
      Tokenizer tokenizer = model.tokenizer().get();
      digest.saved(tokenizer::save);
    }
    if (model.directory().templates().isPresent()) {
      digest.templates(model.directory().templates().get());
    }
    DataSource source = spec.data();
    return digest
        .text(spec.model().isPretrained() + " " + length)
        .text(source.packing() + " " + source.stride())
        .hex();
  }

  /** Calls {@link #settings}. */
  @FunctionalInterface
  interface Settings {
    String digest() throws IOException;
  }

  /** Encodes examples. */
  @FunctionalInterface
  interface Encoding {
    RunSequences.Encoded encode() throws IOException;
  }

  /**
   * The sequences of one part of the data, from the folder if they are there; else they are
   * encoded, and kept.
   *
   * @param part its name
   * @param settings of {@link #settings}
   */
  RunSequences.Encoded encoded(String part, String settings, Examples examples, Encoding encoding)
      throws IOException {
    String name = new ContentDigest().text(data).text(part).text(settings).hex();
    Path file = folder.resolve(name + ".tokens");
    Optional<TokenFile.Content> kept = TokenFile.open(file);
    if (kept.isPresent()) {
      listener.onLine(
          "cache", "%,d %s sequences of %s".formatted(kept.get().sequences().size(), part, file));
      return encoded(kept.get(), examples);
    }
    RunSequences.Encoded made = encoding.encode();
    TokenFile.write(file, made.sequences(), LenientJson.text(made.note()));
    // Mapped from here on: what was made lies in memory, or in a temporary file.
    Optional<TokenFile.Content> written = TokenFile.open(file);
    listener.onLine(
        "cache", "%,d %s sequences kept in %s".formatted(made.sequences().size(), part, file));
    return written.isPresent() ? made.with(written.get().sequences()) : made;
  }

  private static RunSequences.Encoded encoded(TokenFile.Content content, Examples examples)
      throws IOException {
    var note = new JsonFields(LenientJson.parseObject(content.note()));
    long[] asked = places(note.json(), "asked");
    long[] first = places(note.json(), "first");
    List<Example> askedOnes = examples.at(asked);
    return new RunSequences.Encoded(
        content.sequences(),
        TrainingJson.whole(note, "leftOut"),
        askedOnes,
        asked,
        examples.at(first),
        first);
  }

  private static long[] places(ObjectNode note, String name) {
    var places = new long[note.path(name).size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = note.get(name).get(i).longValue();
    }
    return places;
  }
}
