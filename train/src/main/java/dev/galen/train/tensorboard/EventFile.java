package dev.galen.train.tensorboard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * A file of events that TensorBoard reads: TFRecord frames around {@code Event} messages, by the
 * numbers of event.proto and summary.proto. Written by hand, since it is five messages.
 */
public final class EventFile implements AutoCloseable {
  private static final String VERSION = "brain.Event:2";
  private static final double MILLIS = 1e3;

  /** Numbers of {@code Event}'s fields. */
  private static final int WALL_TIME = 1;

  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  /** Numbers of {@code Summary.Value}'s fields. */
  private static final int TAG = 1;

  private static final int SIMPLE_VALUE = 2;
  private static final int HISTOGRAM = 5;
  private static final int TENSOR = 8;
  private static final int METADATA = 9;

  private static final int SESSION_START = 1;
  private static final int DT_STRING = 7;

  private static final AtomicInteger FILES = new AtomicInteger();

  private final OutputStream out;
  private final LongSupplier clock;

  /**
   * Opens a new file in {@code folder}, which is made if it is not there.
   *
   * @param purgeFrom what earlier files of the folder have from this step on no longer counts, as
   *     where a run goes on from a checkpoint; 0 for a new run
   */
  public static EventFile in(Path folder, long purgeFrom) throws IOException {
    Files.createDirectories(folder);
    String name =
        "events.out.tfevents.%010d.galen.%d.%d"
            .formatted(
                System.currentTimeMillis() / 1000,
                ProcessHandle.current().pid(),
                FILES.getAndIncrement());
    OutputStream file = Files.newOutputStream(folder.resolve(name), StandardOpenOption.CREATE_NEW);
    return new EventFile(new BufferedOutputStream(file), purgeFrom, System::currentTimeMillis);
  }

  /**
   * Begins with what TensorBoard expects first.
   *
   * @param clock milliseconds since 1970
   */
  EventFile(OutputStream out, long purgeFrom, LongSupplier clock) throws IOException {
    this.out = out;
    this.clock = clock;
    write(event(purgeFrom).text(FILE_VERSION, VERSION));
    if (purgeFrom > 0) {
      write(event(purgeFrom).message(SESSION_LOG, new Proto().integer(1, SESSION_START)));
    }
  }

  /** A number over steps; NaN and infinity are shown as such. */
  public EventFile scalar(String tag, long step, double value) throws IOException {
    return summary(step, value(tag).chosenFloat(SIMPLE_VALUE, (float) value));
  }

  /** How values are spread over steps. */
  public EventFile histogram(String tag, long step, Histogram histogram) throws IOException {
    return summary(step, value(tag).message(HISTOGRAM, histogram.proto()));
  }

  /** A text over steps, which TensorBoard shows as Markdown. */
  public EventFile text(String tag, long step, String text) throws IOException {
    Proto one = new Proto().message(2, new Proto().integer(1, 1));
    Proto tensor = new Proto().integer(1, DT_STRING).message(2, one).text(8, text);
    Proto plugin = new Proto().message(1, new Proto().text(1, "text"));
    return summary(step, value(tag).message(TENSOR, tensor).message(METADATA, plugin));
  }

  private static Proto value(String tag) {
    return new Proto().text(TAG, tag);
  }

  private Proto event(long step) {
    return new Proto().number(WALL_TIME, clock.getAsLong() / MILLIS).integer(STEP, step);
  }

  private EventFile summary(long step, Proto value) throws IOException {
    write(event(step).message(SUMMARY, new Proto().message(1, value)));
    return this;
  }

  private void write(Proto event) throws IOException {
    out.write(RecordFraming.framed(event.toBytes()));
  }

  /** Gives what was written to the system, for a reader that looks on and a kill that comes. */
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
