package dev.galen.train.run;

import dev.galen.train.data.Examples;
import dev.galen.train.data.Split;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run learns from and is measured on.
 *
 * @param train learned
 * @param validation measured; may be empty
 * @param source one line for the report
 */
record RunData(Examples train, Examples validation, String source) {
  /** Below this many examples nothing is held out: a tenth would measure nothing. */
  private static final int FEW = 20;

  /** What datasets calls it in a folder of several. */
  private static final String VALIDATION = "validation";

  /** What the program gives, measured on a file if one is named. */
  private static RunData given(DataSource data, Path validation, RowSchemas schemas)
      throws IOException {
    if (data.given() == null) {
      throw new IllegalArgumentException("there are no data; name files to learn from");
    }
    if (data.heldOut() != null) {
      throw new IllegalArgumentException(
          "valid-share, valid-by and fold part files; %s has its own validation"
              .formatted(data.given()));
    }
    GivenData.Content content = data.given().load();
    if (validation == null) {
      return new RunData(content.train(), content.validation(), content.about());
    }
    Examples held = DataFiles.examples(List.of(validation), schemas);
    return new RunData(
        content.train(),
        held,
        "%s: %d training records; validation %s: %d"
            .formatted(data.given(), content.train().count(), validation, held.count()));
  }

  /** Files, or what the program gives, and a validation file if there is one. */
  static RunData read(DataSource data, RowSchemas schemas, long seed) throws IOException {
    return read(data, schemas, seed, Optional.empty());
  }

  /**
   * The same.
   *
   * @param cache what knows how many examples there are, or is told; data that are known are read
   *     when they are gone through
   */
  static RunData read(DataSource data, RowSchemas schemas, long seed, Optional<SequenceCache> cache)
      throws IOException {
    Path validation = validation(data);
    if (data.train().isEmpty()) {
      return given(data, validation, schemas);
    }
    List<Path> files = train(data);
    Optional<DataCounts> known = cache.isPresent() ? cache.get().counts() : Optional.empty();
    Examples all =
        known.isPresent()
            ? known.get().all(DataFiles.source(files, schemas))
            : DataFiles.examples(files, schemas);
    Examples train = all;
    Examples held = Examples.of(List.of());
    HeldOut heldOut = data.heldOut() == null ? HeldOut.TENTH : data.heldOut();
    Examples.Source groups =
        heldOut.group() == null
            ? null
            : DataFiles.source(files, schemas.groupedBy(heldOut.group()));
    boolean parted =
        validation == null && (data.heldOut() != null || (!all.tokenised() && all.count() >= FEW));
    if (validation != null) {
      List<Path> file = List.of(validation);
      held =
          known.isPresent()
              ? known.get().held(DataFiles.source(file, schemas))
              : DataFiles.examples(file, schemas);
    } else if (parted && known.isPresent()) {
      train = known.get().train(part(all, heldOut, groups, seed, true));
      held = known.get().held(part(all, heldOut, groups, seed, false));
    } else if (parted) {
      boolean hash = heldOut.by() == HeldOut.By.HASH;
      HeldOutPlaces places = hash ? null : HeldOutPlaces.of(heldOut, all, groups, seed);
      double share = heldOut.share();
      train = hash ? all.part(Split.Part.TRAIN, share, 0, seed) : all.select(places.train());
      held = hash ? all.part(Split.Part.VALIDATION, share, 0, seed) : all.select(places.held());
    }
    if (cache.isPresent() && known.isEmpty()) {
      cache.get().keep(DataCounts.of(all, train, held));
    }
    String line = names(files) + ": " + all.count() + " examples";
    if (validation != null) {
      line += "; validation %s: %d".formatted(validation, held.count());
    } else if (parted) {
      line +=
          ", of which %d held out for validation %s".formatted(held.count(), heldOut.words(seed));
    } else {
      line += ", none held out";
    }
    return new RunData(train, held, line);
  }

  /** One part of examples that are read when it is gone through. */
  private static Examples.Source part(
      Examples all, HeldOut heldOut, Examples.Source groups, long seed, boolean train) {
    if (heldOut.by() == HeldOut.By.HASH) {
      Split.Part wanted = train ? Split.Part.TRAIN : Split.Part.VALIDATION;
      return sink ->
          all.forEach(
              example -> {
                if (Split.partOf(example, heldOut.share(), 0, seed) == wanted) {
                  sink.accept(example);
                }
              });
    }
    return sink -> {
      HeldOutPlaces places = HeldOutPlaces.of(heldOut, all, groups, seed);
      all.select(train ? places.train() : places.held()).forEach(sink);
    };
  }

  /** The training files; of a folder of several data sets the one to learn. */
  static List<Path> train(DataSource data) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path file : data.train()) {
      files.add(split(file, "train"));
    }
    return files;
  }

  /** The data set of this name in a folder of several, if there is one; else the path itself. */
  private static Path split(Path path, String name) throws IOException {
    return DataFiles.splits(path).getOrDefault(name, path);
  }

  /** The file that was given, or what a folder of several data sets has for it; else null. */
  static Path validation(DataSource data) throws IOException {
    if (data.validation() != null) {
      return split(data.validation(), VALIDATION);
    }
    return data.train().size() == 1 && data.heldOut() == null
        ? DataFiles.splits(data.train().getFirst()).get(VALIDATION)
        : null;
  }

  private static String names(List<Path> files) {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }
}
