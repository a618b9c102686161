package dev.galen.train.run;

import dev.galen.train.data.Packing;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a run learns from.
 *
 * @param train files, or folders of data sets; none for what the program gives. Of a folder with
 *     several data sets the one named {@code train}
 * @param validation a file to measure on; null for what {@code heldOut} says, or where {@code
 *     train} is a folder with a data set named {@code validation} for that
 * @param length the greatest length of a sequence in tokens; null for the model's context
 * @param packing how the training data's documents are packed into rows of that length; null for a
 *     row each, but texts joined and cut into full rows
 * @param heldOut what part of the training data is measured; null for a tenth, chosen by hash, of
 *     texts of which there are enough
 * @param stride tokens from the begin of one window of a long text to the next one's; null for
 *     windows that do not overlap
 * @param resample how often texts of rare classes are learned
 * @param cache a folder that keeps encoded data for later runs; null for none
 * @param given what the program gives in the place of files; null for files
 */
public record DataSource(
    List<Path> train,
    Path validation,
    Integer length,
    Packing packing,
    HeldOut heldOut,
    Integer stride,
    Resample resample,
    Path cache,
    GivenData given) {
  /** Keeps its own copy. */
  public DataSource {
    train = List.copyOf(train);
    Objects.requireNonNull(resample, "resample");
    if (stride != null && stride < 1) {
      throw new IllegalArgumentException("stride is " + stride + ", must be at least 1");
    }
    if (stride != null && packing != null) {
      throw new IllegalArgumentException(
          "stride is %d and packing is %s; documents that are packed are cut into no windows"
              .formatted(stride, packing.word()));
    }
    if (given != null && !train.isEmpty()) {
      throw new IllegalArgumentException(
          "train is " + train + " and given is \"" + given + "\"; take one");
    }
    if (heldOut != null && validation != null) {
      throw new IllegalArgumentException(
          "validation is " + validation + ", and valid-share or fold hold data out; take one");
    }
  }

  /** Files. */
  public DataSource(
      List<Path> train,
      Path validation,
      Integer length,
      Packing packing,
      HeldOut heldOut,
      Integer stride,
      Resample resample,
      Path cache) {
    this(train, validation, length, packing, heldOut, stride, resample, cache, null);
  }

  /** Files, of which each text is learned once a pass. */
  public DataSource(List<Path> train, Path validation, Integer length, Packing packing) {
    this(train, validation, length, packing, null, null, Resample.NONE, null, null);
  }

  /** The same of documents that are not packed. */
  public DataSource(List<Path> train, Path validation, Integer length) {
    this(train, validation, length, null);
  }

  /** These files, of which a tenth is held out. */
  public static DataSource of(Path... train) {
    return new DataSource(List.of(train), null, null);
  }

  /** What the program gives, instead of files. */
  public static DataSource of(GivenData given) {
    return of().orGiven(given);
  }

  /**
   * The same with these data where it names no files and no other ones: what a program has for runs
   * that name no data.
   */
  public DataSource orGiven(GivenData data) {
    return !train.isEmpty() || (given != null && !given.equals(data)) ? this : with(data);
  }

  private DataSource with(GivenData given) {
    return new DataSource(
        train, validation, length, packing, heldOut, stride, resample, cache, given);
  }

  /** The same with documents packed. */
  public DataSource withPacking(Packing packing) {
    return new DataSource(
        train, validation, length, packing, heldOut, stride, resample, cache, given);
  }

  /** The same with this part held out. */
  public DataSource withHeldOut(HeldOut heldOut) {
    return new DataSource(
        train, validation, length, packing, heldOut, stride, resample, cache, given);
  }

  /** The same with windows that begin every {@code stride} tokens. */
  public DataSource withStride(int stride) {
    return new DataSource(
        train, validation, length, packing, heldOut, stride, resample, cache, given);
  }

  /** The same with texts of rare classes learned so often. */
  public DataSource withResample(Resample resample) {
    return new DataSource(
        train, validation, length, packing, heldOut, stride, resample, cache, given);
  }

  /** The same with encoded data kept in a folder. */
  public DataSource withCache(Path cache) {
    return new DataSource(
        train, validation, length, packing, heldOut, stride, resample, cache, given);
  }
}
