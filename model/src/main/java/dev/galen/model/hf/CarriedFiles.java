package dev.galen.model.hf;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a model's directory that a save of another model takes along, because they say
 * something about either: licence, model card, code, templates. Weights in other formats would be
 * those of the old model, so they stay behind, as do large files, what belongs to a training run,
 * and what a save writes itself.
 */
final class CarriedFiles {
  /** A larger file holds data. */
  private static final long MOST_BYTES = 64L << 20;

  private static final String CHAT_TEMPLATE = "chat_template.jinja";
  private static final String OLD_CHAT_TEMPLATE = "chat_template.json";
  static final String MORE_CHAT_TEMPLATES = "additional_chat_templates";

  /** What belongs to a tokenizer; {@link DirectorySave} removes those of an earlier save. */
  static final Set<String> TOKENIZER_FILES =
      Stream.concat(TokenizerFiles.ALL.stream(), Stream.of(CHAT_TEMPLATE, OLD_CHAT_TEMPLATE))
          .collect(toUnmodifiableSet());

  /** These, and what else only makes sense beside them. */
  static final Set<String> OF_TOKENIZERS =
      Stream.concat(
              TOKENIZER_FILES.stream(), Stream.of(ModelDirectory.GENERATION, MORE_CHAT_TEMPLATES))
          .collect(toUnmodifiableSet());

  /** What training leaves in a directory. */
  private static final Set<String> RUN_FILES =
      Set.of(
          "log.jsonl",
          "loss.svg",
          "report.md",
          "run.json",
          "confusion.svg",
          "settings.json",
          "state.json",
          "trainer_state.json",
          "train_results.json",
          "eval_results.json",
          "all_results.json",
          "adapter_config.json");

  /** Weights, optimizers and data, by their names' ends. */
  private static final Pattern WEIGHTS =
      Pattern.compile(
          ".*\\.(safetensors|bin|pt|pth|ckpt|h5|hdf5|msgpack|onnx|onnx_data|onnx\\.data|gguf|ggml"
              + "|tflite|mlmodel|npz|npy|pkl|pickle|ot|engine|plan|parquet|arrow|index\\.json)",
          Pattern.CASE_INSENSITIVE);

  /** A user's rows beside the model: a folder that is passed on must not take them. */
  private static final Pattern DATA =
      Pattern.compile(
          "(?!(LICEN[CS]E|NOTICE|COPYING|USE_POLICY|requirements)).*\\.(jsonl|ndjson|csv|tsv|txt)",
          Pattern.CASE_INSENSITIVE);

  /** Folders with models of their own. */
  private static final Pattern FOREIGN_FOLDER =
      Pattern.compile("checkpoint-.*|onnx|openvino|coreml|runs|original|\\..*|__pycache__");

  /** What a newer version replaces, while a reader's own notes under the same name stay. */
  private static final Pattern CODE = Pattern.compile(".*\\.(py|json|jinja)");

  private CarriedFiles() {}

  /** Copies chat templates that {@code draft} lacks. */
  static void copyTemplates(Path source, Path draft) throws IOException {
    for (String name : Set.of(CHAT_TEMPLATE, OLD_CHAT_TEMPLATE)) {
      if (Files.isRegularFile(source.resolve(name)) && !Files.exists(draft.resolve(name))) {
        copy(source.resolve(name), draft.resolve(name));
      }
    }
    Path more = source.resolve(MORE_CHAT_TEMPLATES);
    if (Files.isDirectory(more) && !Files.exists(draft.resolve(MORE_CHAT_TEMPLATES))) {
      try (var templates = Files.newDirectoryStream(more, "*.jinja")) {
        for (Path template : templates) {
          copy(template, draft.resolve(MORE_CHAT_TEMPLATES).resolve(template.getFileName()));
        }
      }
    }
  }

  /**
   * Copies everything else that is to live on.
   *
   * @param target where the draft is going to stand, and prose with the same name stays
   */
  static void copyOthers(Path source, Path draft, Path target) throws IOException {
    if (Files.exists(target) && Files.isSameFile(source, target)) {
      return;
    }
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            boolean foreign =
                !folder.equals(source) && (isForeign(folder) || Files.isSameFile(folder, target));
            return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path name = source.relativize(file);
            if (isCarried(file) && !stays(target.resolve(name.toString()))) {
              copy(file, draft.resolve(name.toString()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // unreadable for us, and not ours
          }
        });
  }

  private static boolean isForeign(Path folder) {
    String name = folder.getFileName().toString();
    return name.equals(MORE_CHAT_TEMPLATES)
        || FOREIGN_FOLDER.matcher(name).matches()
        || Files.exists(folder.resolve(ModelDirectory.CONFIG));
  }

  private static boolean isCarried(Path file) throws IOException {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && !name.startsWith(".")
        && !name.equals(ModelDirectory.CONFIG)
        && !name.equals(ModelDirectory.GENERATION)
        && !TOKENIZER_FILES.contains(name)
        && !RUN_FILES.contains(name)
        && !WEIGHTS.matcher(name).matches()
        && !DATA.matcher(name).matches()
        && Files.size(file) <= MOST_BYTES;
  }

  private static boolean stays(Path standing) {
    return Files.exists(standing) && !CODE.matcher(standing.getFileName().toString()).matches();
  }

  private static void copy(Path file, Path copy) throws IOException {
    try {
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    } catch (NoSuchFileException e) {
      // Removed since the model was loaded: the model is worth saving without it.
      if (Files.exists(file)) {
        throw e;
      }
    }
  }
}
