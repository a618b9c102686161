package dev.galen.tensor.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What went wrong, as one line for a user: with the file, in words, without control characters, and
 * no longer than a few lines of a terminal.
 */
public final class ErrorText {
  /** Characters of a line that are shown, from its beginning and from its end. */
  private static final int LONGEST_LINE = 900;

  private static final int LAST = 250;
  private static final int LONGEST_QUOTE = 120;

  /** What the operating system says, by its beginning, in words that follow a file's name. */
  private static final Map<String, String> WORDS =
      Map.of(
          "Is a directory", "is a folder; a file is needed there",
          "Not a directory", "is not a folder, or lies below something that is a file",
          "Too many levels", "is a symbolic link that leads nowhere, or back to itself");

  /** What the operating system says, by its beginning, with what a user can do about it. */
  private static final Map<String, String> REMEDIES =
      Map.of(
          "No space left", "make room, or choose another folder",
          "Disk quota", "make room, or choose another folder",
          "Read-only file", "choose another folder",
          "File name too long", "choose a shorter one",
          "Too many open", "raise the limit with `ulimit -n`",
          "File too large", "raise the limit with `ulimit -f`",
          "Input/output", "the disk may be failing, or the network drive gone",
          "Stale file", "the network drive that held it is gone");

  private ErrorText() {}

  /**
   * What a wrapper holds: the cause of an {@link UncheckedIOException}, {@link ExecutionException},
   * {@link CompletionException} and their like, and of their causes in turn.
   */
  public static Throwable cause(Throwable fault) {
    Throwable inner = fault;
    while (isWrapper(inner) && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  private static boolean isWrapper(Throwable fault) {
    return fault instanceof UncheckedIOException
        || fault instanceof ExecutionException
        || fault instanceof CompletionException
        || fault instanceof InvocationTargetException
        || fault instanceof ExceptionInInitializerError;
  }

  /**
   * Whether {@code fault} says that what a user gave cannot be used (a file, an option, too little
   * memory), rather than that the program is wrong.
   */
  public static boolean isInput(Throwable fault) {
    return fault instanceof IOException
        || fault instanceof IllegalArgumentException
        || fault instanceof OutOfMemoryError
        || MappedFiles.explain(fault).isPresent();
  }

  /** One line on {@code fault}, which is no wrapper; see {@link #cause}. */
  public static String of(Throwable fault) {
    Optional<String> lost = MappedFiles.explain(fault);
    if (lost.isPresent()) {
      return line(lost.get());
    }
    String message = String.valueOf(fault.getMessage());
    String text =
        switch (fault) {
          case FileSystemException e when e.getFile() != null -> e.getFile() + ": " + reason(e);
          case IOException e -> reason(e);
          case OutOfMemoryError e when isHeap(message) ->
              "not enough memory in the JVM's heap (%s); give it more, as in GALEN_JAVA_OPTS=-Xmx8g"
                  .formatted(message);
          case OutOfMemoryError e -> "not enough memory: " + message;
          case StackOverflowError e -> "the stack overflowed";
          default -> fault.getMessage() == null ? fault.toString() : message;
        };
    return line(text);
  }

  private static boolean isHeap(String message) {
    return message.contains("heap space")
        || message.contains("array size exceeds")
        || message.contains("array length")
        || message.contains("array too large")
        || message.contains("GC overhead");
  }

  /**
   * Why {@code e} was thrown, without the path: the messages of most file system exceptions are the
   * path and nothing else.
   */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException f when isLink(f.getFile()) -> words("Too many levels");
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case ClosedByInterruptException _ -> "the thread was interrupted";
      case FileAlreadyExistsException f ->
          f.getFile() != null && Files.isDirectory(Path.of(f.getFile()))
              ? "is there already"
              : "is a file; a folder is needed there";
      case DirectoryNotEmptyException _ -> "the folder is not empty";
      case NotDirectoryException _ -> words("Not a directory");
      case FileSystemLoopException _ -> words("Too many levels");
      case AtomicMoveNotSupportedException _ ->
          "the file system cannot rename it in one step; choose another folder";
      case CharacterCodingException _ -> "not valid UTF-8; save it as UTF-8";
      case EOFException _ when e.getMessage() == null -> "ends too early";
      case FileSystemException f ->
          f.getReason() == null ? f.getClass().getSimpleName() : words(f.getReason());
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : words(e.getMessage());
    };
  }

  /** A link that is there, though what it leads to is not. */
  private static boolean isLink(String file) {
    return file != null && Files.isSymbolicLink(Path.of(file));
  }

  private static String words(String said) {
    return beginning(WORDS, said)
        .or(() -> beginning(REMEDIES, said).map(remedy -> said + "; " + remedy))
        .orElse(said);
  }

  private static Optional<String> beginning(Map<String, String> known, String said) {
    return known.entrySet().stream()
        .filter(entry -> said.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** {@code e} with the file it is about, for the many that do not say it themselves. */
  public static IOException named(Path file, IOException e) {
    String message = String.valueOf(e.getMessage());
    boolean complete = message.startsWith(file + ":") && !(e instanceof FileSystemException);
    return complete ? e : new IOException(file + ": " + reason(e), e);
  }

  /** {@code text} in quotes, cut to a sensible length, with control characters made visible. */
  public static String quote(String text) {
    var quoted = new StringBuilder("\"");
    int shown = Math.min(text.length(), LONGEST_QUOTE);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        append(quoted, c);
      }
    }
    return quoted.append(shown < text.length() ? "...\"" : "\"").toString();
  }

  /**
   * {@code text} on one line: its own lines joined by semicolons, what would move a terminal's
   * cursor, colour or direction made visible, and the middle left out if it is too long.
   */
  public static String line(String text) {
    var line = new StringBuilder();
    String joined = text.strip().replaceAll("\\s*\\R\\s*", "; ");
    int length = joined.length();
    int skipped = length > LONGEST_LINE ? length - LONGEST_LINE : 0;
    int cut = LONGEST_LINE - LAST;
    for (int i = 0; i < length; i++) {
      if (skipped > 0 && i == cut) {
        line.append(" ... ");
        i += skipped;
      }
      append(line, joined.charAt(i));
    }
    return line.toString();
  }

  private static void append(StringBuilder line, char c) {
    if (isInvisible(c)) {
      line.append("\\u%04x".formatted((int) c));
    } else {
      line.append(c);
    }
  }

  /** Control characters, line ends, and those that turn the direction of what follows. */
  private static boolean isInvisible(char c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || c == '\u2028'
        || c == '\u2029';
  }
}
