package dev.galen.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.MalformedInputException;
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
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTextTest {
  @Test
  void everyExceptionOfAFileSystemNamesTheFileAndSaysMoreThanItsClass(@TempDir Path folder)
      throws IOException {
    Path file = Files.createFile(folder.resolve("there"));
    for (IOException e :
        List.of(
            new NoSuchFileException("f"),
            new AccessDeniedException("f"),
            new FileAlreadyExistsException(file.toString()),
            new FileAlreadyExistsException(folder.toString()),
            new DirectoryNotEmptyException("f"),
            new NotDirectoryException("f"),
            new FileSystemLoopException("f"),
            new AtomicMoveNotSupportedException("f", "g", "Invalid cross-device link"),
            new FileSystemException("f", null, "No space left on device"))) {
      String text = ErrorText.of(e);
      String name = ((FileSystemException) e).getFile();
      assertTrue(text.startsWith(name + ": "), text);
      assertFalse(text.contains("Exception"), text);
      assertEquals(text, ErrorText.named(Path.of(name), e).getMessage());
    }
    assertEquals(
        file + ": is a file; a folder is needed there",
        ErrorText.of(new FileAlreadyExistsException(file.toString())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Is a directory                    | is a folder
          Not a directory                   | something that is a file
          No space left on device           | make room
          Disk quota exceeded               | make room
          Read-only file system             | choose another folder
          Too many levels of symbolic links | symbolic link
          File name too long                | choose a shorter one
          Too many open files               | ulimit -n
          File too large                    | ulimit -f
          Input/output error                | the disk
          """)
  void whatTheSystemSaysIsTranslatedAndNamed(String system, String expected) {
    IOException named = ErrorText.named(Path.of("x.json"), new IOException(system));
    assertTrue(named.getMessage().startsWith("x.json: "), named.getMessage());
    assertTrue(named.getMessage().contains(expected), named.getMessage());
    String same = ErrorText.of(new FileSystemException("x.json", null, system));
    assertEquals(named.getMessage(), same);
  }

  @Test
  void whatHasItsFileKeepsItsWords() {
    var complete = new IOException("x.json: no whole number 'step'");
    assertSame(complete, ErrorText.named(Path.of("x.json"), complete));
    assertEquals(
        "x.json: not valid UTF-8; save it as UTF-8",
        ErrorText.named(Path.of("x.json"), new MalformedInputException(1)).getMessage());
    assertEquals(
        "x.json: ends too early",
        ErrorText.named(Path.of("x.json"), new EOFException()).getMessage());
    assertEquals(
        "x.json: IOException",
        ErrorText.named(Path.of("x.json"), new IOException((String) null)).getMessage());
  }

  @Test
  void wrappersAreOpened() {
    var inner = new IOException("inner");
    var unchecked = new UncheckedIOException(inner);
    assertSame(inner, ErrorText.cause(new ExecutionException(new CompletionException(unchecked))));
    assertSame(inner, ErrorText.cause(new InvocationTargetException(inner)));
    assertSame(inner, ErrorText.cause(new ExceptionInInitializerError(inner)));
    var bare = new ExecutionException("no cause", null);
    assertSame(bare, ErrorText.cause(bare));
  }

  @Test
  void theUsersFaultsAreToldFromOurs() {
    assertTrue(ErrorText.isInput(new IOException("x")));
    assertTrue(ErrorText.isInput(new IllegalArgumentException("x")));
    assertTrue(ErrorText.isInput(new OutOfMemoryError("Java heap space")));
    var lost = new InternalError("a fault occurred in an unsafe memory access operation");
    assertTrue(ErrorText.isInput(lost));
    assertEquals(MappedFiles.explain(lost).orElseThrow(), ErrorText.of(lost));
    assertFalse(ErrorText.isInput(new InternalError("x")));
    assertFalse(ErrorText.isInput(new StackOverflowError()));
    assertFalse(ErrorText.isInput(new IllegalStateException("x")));
  }

  @Test
  void aFullHeapSaysWhatToType() {
    for (String message :
        List.of(
            "Java heap space",
            "Requested array size exceeds VM limit",
            "Required array length 2 + 3 is too large")) {
      assertTrue(ErrorText.of(new OutOfMemoryError(message)).contains("GALEN_JAVA_OPTS=-Xmx"));
    }
    assertEquals(
        "not enough memory: no host memory for 5 bytes; lower the batch size",
        ErrorText.of(new OutOfMemoryError("no host memory for 5 bytes; lower the batch size")));
  }

  @Test
  void whatAFileSaidCannotMoveTheTerminal() {
    String hostile = "a\u001b[2J\u0007b\u0000\u009b\u202e\u2066\ufeff\u2028c\r\nd\te";
    String line = ErrorText.of(new IOException("f: " + hostile));
    assertEquals("f: a\\u001b[2J\\u0007b\\u0000\\u009b\\u202e\\u2066\\ufeff; c; d\\u0009e", line);
    assertEquals("\"\\u001b\\\"\\\\\\u000a\"", ErrorText.quote("\u001b\"\\\n"));
  }

  @Test
  void aLongLineKeepsItsBeginningAndItsEnd() {
    String line = ErrorText.line("f: begins " + "x".repeat(5_000_000) + " what to do");
    assertTrue(line.length() < 1000, line);
    assertTrue(line.startsWith("f: begins ") && line.endsWith(" what to do"), line);
    assertEquals("y".repeat(900), ErrorText.line("y".repeat(900)));
    assertEquals(123 + 2, ErrorText.quote("z".repeat(5000)).length());
  }
}
