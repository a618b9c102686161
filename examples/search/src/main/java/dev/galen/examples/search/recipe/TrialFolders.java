package dev.galen.examples.search.recipe;

import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What trials leave behind: of all models the best one stays, of the others the reports. */
final class TrialFolders {
  private TrialFolders() {}

  /** Removes weights and checkpoints of finished trials but the best. */
  static void keepOnly(Path output, History history, TrialRecord best) throws IOException {
    for (TrialRecord trial : history.trials()) {
      if (!trial.state().isFinished()) {
        continue;
      }
      for (int attempt = 1; attempt <= trial.attempt(); attempt++) {
        boolean kept = trial.number() == best.number() && attempt == trial.attempt();
        Path folder = RecipeTrial.folder(output, trial.number(), attempt);
        if (!kept && Files.isDirectory(folder)) {
          removeWeights(folder);
        }
      }
    }
  }

  private static void removeWeights(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(TrialFolders::isHeavy).toList();
    }
    for (Path file : files) {
      try {
        remove(file);
      } catch (NoSuchFileException e) {
        // Another process removes the same.
      }
    }
  }

  private static boolean isHeavy(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".safetensors")
        || name.endsWith(".safetensors.index.json")
        || name.matches("\\.?checkpoint-\\d+.*");
  }

  private static void remove(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      List<Path> inner;
      try (Stream<Path> tree = Files.walk(path)) {
        inner = tree.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : inner) {
        Files.deleteIfExists(file);
      }
    } else {
      Files.deleteIfExists(path);
    }
  }
}
