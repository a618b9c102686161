package dev.galen.examples.clinical.duplicate;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.FieldValue;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The duplicates among the documents of files, and those files without them.
 *
 * <p>Where documents belong to splits, those of the test split count for more than those of the
 * validation split, and these for more than those of training: what is left out of a split is what
 * a split of more weight has, too.
 */
public final class DuplicateFiles {
  /** What a document gets: the group that must stay together in a split. */
  public static final String GROUP = "group";

  /** What a document gets that repeats one before it: {@code exact} or {@code near}. */
  public static final String DUPLICATE = "duplicate";

  /** Which documents are given on. */
  public enum Keep {
    /** All, with their groups. */
    ALL,
    /** The first of each group of duplicates. */
    FIRST,
    /** Those that no held-out document and no split of more weight has. */
    APART
  }

  /**
   * How many there are.
   *
   * @param documents of the files that are not held out
   * @param exact those among them that are equal to one before
   * @param near those among them that are nearly equal to one before
   * @param across those among them whose duplicate is held out, or in a split of more weight
   */
  public record Counts(int documents, int exact, int near, int across) {}

  private static final int TOLD = 1 << 12;

  private final List<Path> files;
  private final int documents;
  private final DuplicateFinder.Groups groups;

  /** What splits documents belong to, by weight: 0 training, 1 validation, 2 test, 3 held out. */
  private final byte[] weights;

  /** The names of the groups that must stay together. */
  private final long[] names;

  private final long rejected;

  private DuplicateFiles(
      List<Path> files,
      int documents,
      DuplicateFinder.Groups groups,
      byte[] weights,
      long[] names,
      long rejected) {
    this.rejected = rejected;
    this.files = files;
    this.documents = documents;
    this.groups = groups;
    this.weights = weights;
    this.names = names;
  }

  /**
   * Finds the duplicates.
   *
   * @param files documents
   * @param heldOut documents that the others are compared with, too; may be empty
   * @param splitField the field that names a document's split, or null
   * @param groupField a field, such as {@code patient}, whose equal values stay together, or null
   * @param progress is told how many documents have been read
   * @throws IOException if a file cannot be read, or a split is none of train, validation and test
   */
  public static DuplicateFiles find(
      List<Path> files,
      List<Path> heldOut,
      DuplicateFinder finder,
      String splitField,
      String groupField,
      RunProgress progress)
      throws IOException {
    var weights = new Bytes();
    var values = new HashMap<String, Integer>();
    var sameValue = new HashMap<Integer, Integer>(); // a document, and the first of its value
    try (var all = new DocumentOffsets(files);
        var held = new DocumentOffsets(heldOut)) {
      all.read(
          document -> {
            if (groupField != null && document.field(groupField) != null) {
              Integer first = values.putIfAbsent(document.field(groupField), finder.size());
              if (first != null) {
                sameValue.put(finder.size(), first);
              }
            }
            weights.add(splitField == null ? 0 : weight(document, splitField));
            finder.add(document.text());
            tell(progress, finder.size());
          });
      int count = finder.size();
      if (groupField != null && count > 0 && values.isEmpty()) {
        throw new IOException("none of the documents has a field " + groupField);
      }
      held.read(
          document -> {
            weights.add((byte) 3);
            finder.add(document.text());
            tell(progress, finder.size());
          });
      DuplicateFinder.Groups groups =
          finder.groups(place -> place < count ? all.at(place) : held.at(place - count));
      return new DuplicateFiles(
          List.copyOf(files),
          count,
          groups,
          weights.array(),
          names(finder, groups, sameValue),
          all.rejected() + held.rejected());
    }
  }

  private static void tell(RunProgress progress, int count) {
    if (count % TOLD == 0) {
      progress.at(new RunCounts(count, count, 0));
    }
  }

  /** Joins the groups of equal values, and names each by the hash of its first text. */
  private static long[] names(
      DuplicateFinder finder, DuplicateFinder.Groups groups, Map<Integer, Integer> sameValue) {
    int[] parents = groups.firsts().clone();
    sameValue.forEach(
        (place, first) -> {
          int a = root(parents, place);
          int b = root(parents, first);
          parents[Math.max(a, b)] = Math.min(a, b);
        });
    var names = new long[parents.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = finder.exact(root(parents, i));
    }
    return names;
  }

  private static int root(int[] parents, int place) {
    while (parents[place] != place) {
      parents[place] = parents[parents[place]];
      place = parents[place];
    }
    return place;
  }

  private static byte weight(Document document, String field) throws IOException {
    String split = document.field(field);
    return switch (split == null ? "" : split.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> 0;
      case "validation", "valid", "val", "dev" -> 1;
      case "test" -> 2;
      default ->
          throw document
              .origin()
              .error(
                  split == null
                      ? "no field " + field + "; expected train, validation or test"
                      : "the field %s is %s; expected train, validation or test"
                          .formatted(field, FieldValue.shown(split)));
    };
  }

  /** How many lines of all files, the held-out ones among them, are no documents. */
  public long rejected() {
    return rejected;
  }

  /** How many there are. */
  public Counts counts() {
    int exact = 0;
    int near = 0;
    int across = 0;
    byte[] heaviest = heaviest();
    for (int i = 0; i < documents; i++) {
      exact += groups.kinds()[i] == DuplicateFinder.Kind.EXACT ? 1 : 0;
      near += groups.kinds()[i] == DuplicateFinder.Kind.NEAR ? 1 : 0;
      across += heaviest[groups.firsts()[i]] > weights[i] ? 1 : 0;
    }
    return new Counts(documents, exact, near, across);
  }

  /** The most weight in each group, at its first document's place. */
  private byte[] heaviest() {
    var heaviest = new byte[weights.length];
    for (int i = 0; i < weights.length; i++) {
      int first = groups.firsts()[i];
      heaviest[first] = (byte) Math.max(heaviest[first], weights[i]);
    }
    return heaviest;
  }

  /** The documents of the files that are not held out, with their groups. */
  public DocumentSource source(Keep keep) {
    return new Grouped(keep);
  }

  private final class Grouped implements DocumentSource {
    private final JsonLinesSource all = new JsonLinesSource(files);
    private final Keep keep;
    private final byte[] heaviest = heaviest();

    Grouped(Keep keep) {
      this.keep = keep;
    }

    private boolean isKept(int place) {
      return switch (keep) {
        case ALL -> true;
        case FIRST -> groups.firsts()[place] == place;
        case APART -> heaviest[groups.firsts()[place]] <= weights[place];
      };
    }

    @Override
    public void read(Sink sink) throws IOException {
      all.read(
          new Sink() {
            private int place;

            @Override
            public void accept(Document document) throws IOException {
              if (place == documents) {
                throw document.origin().error("was changed while it was read");
              }
              int at = place++;
              if (!isKept(at)) {
                return;
              }
              Document grouped = document.with(GROUP, "g%016x".formatted(names[at]));
              DuplicateFinder.Kind kind = groups.kinds()[at];
              sink.accept(
                  kind == DuplicateFinder.Kind.NONE
                      ? grouped
                      : grouped.with(DUPLICATE, kind.name().toLowerCase(Locale.ROOT)));
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
      return all.stamp();
    }
  }

  /** Bytes that grow. */
  private static final class Bytes {
    private byte[] bytes = new byte[1 << 12];
    private int count;

    void add(byte value) {
      if (count == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * count);
      }
      bytes[count++] = value;
    }

    byte[] array() {
      return Arrays.copyOf(bytes, count);
    }
  }
}
