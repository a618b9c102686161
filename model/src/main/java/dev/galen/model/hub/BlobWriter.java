package dev.galen.model.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;

/**
 * Writes the body of one response behind the part of a file that is already there; or from its
 * start, if the server sends it from there. The client's threads write, the caller's thread reads
 * {@link #received}.
 */
final class BlobWriter implements BodyHandler<Void> {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  private final FileChannel channel;
  private final long offset;
  private final long size;
  private volatile long received;
  private volatile IOException failure;

  /**
   * Creates a writer for one response.
   *
   * @param channel the partial file
   * @param offset bytes that it holds already
   * @param size bytes that it must have in the end, or -1 if unknown
   */
  BlobWriter(FileChannel channel, long offset, long size) {
    this.channel = channel;
    this.offset = offset;
    this.size = size;
    this.received = offset;
  }

  long offset() {
    return offset;
  }

  long size() {
    return size;
  }

  /** Bytes of the file that are on the disk. */
  long received() {
    return received;
  }

  /** Throws what went wrong on this side of the connection, if anything did. */
  void requireSound() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public BodySubscriber<Void> apply(ResponseInfo response) {
    try {
      return switch (response.statusCode()) {
        case 200 -> fromStart(response);
        case 206 -> continued(response);
        case 416 -> {
          restart("the server has no bytes behind the %d that are here".formatted(offset));
          yield BodySubscribers.replacing(null);
        }
        default -> BodySubscribers.replacing(null);
      };
    } catch (IOException refused) {
      failure = refused;
      return new Subscriber();
    }
  }

  private BodySubscriber<Void> fromStart(ResponseInfo response) throws IOException {
    var length = response.headers().firstValue("Content-Length");
    if (length.isPresent()) {
      requireSize(length.get());
    }
    channel.truncate(0);
    received = 0;
    return new Subscriber();
  }

  private BodySubscriber<Void> continued(ResponseInfo response) throws IOException {
    var header = response.headers().firstValue("Content-Range").orElse("");
    var range = CONTENT_RANGE.matcher(header);
    if (!range.matches() || !range.group(1).equals(Long.toString(offset))) {
      restart("the server sent the range '%s' for one from %d on".formatted(header, offset));
    } else if (!range.group(2).equals("*")) {
      requireSize(range.group(2));
    }
    return new Subscriber();
  }

  /** Empties the file, so that the next attempt asks for all of it. */
  private void restart(String why) throws IOException {
    channel.truncate(0);
    received = 0;
    failure = new TransientFailure("The download starts over, as " + why, Optional.empty());
  }

  private void requireSize(String announced) throws IOException {
    if (size >= 0 && !announced.equals(Long.toString(size))) {
      throw wrongSize(announced);
    }
  }

  private IOException wrongSize(String announced) {
    return new IOException(
        "the server sends %s bytes where the hub announced %d".formatted(announced, size));
  }

  private final class Subscriber implements BodySubscriber<Void> {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private Flow.Subscription subscription;

    @Override
    public CompletionStage<Void> getBody() {
      return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      if (failure == null) {
        subscription.request(1);
      } else {
        stop(failure);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      try {
        for (var buffer : buffers) {
          if (size >= 0 && received + buffer.remaining() > size) {
            throw wrongSize("more");
          }
          long end = received;
          while (buffer.hasRemaining()) {
            end += channel.write(buffer, end);
          }
          received = end; // this thread alone writes it
        }
        subscription.request(1);
      } catch (IOException unwritable) {
        failure = unwritable;
        stop(unwritable);
      }
    }

    @Override
    public void onError(Throwable lost) {
      done.completeExceptionally(lost);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }

    private void stop(IOException why) {
      subscription.cancel();
      done.completeExceptionally(why);
    }
  }
}
