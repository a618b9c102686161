package dev.galen.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source of the product, as {@link HouseRules} sees it.
 *
 * @param path below the root, with slashes
 * @param module the folder of its module, such as {@code tensor/testing}
 * @param packageName empty for what is no Java, and for {@code module-info.java}
 * @param uses classes and packages of other files by their full names: what is imported, required
 *     by a module, or written out in the code
 * @param code without comments and what strings say
 * @param lines of the file
 */
record SourceFile(
    String path, String module, String packageName, Set<String> uses, String code, int lines) {
  private static final String MAIN = "/src/main/";
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static |module )?([\\w.]+(?:\\.\\*)?);");
  private static final Pattern REQUIRED =
      Pattern.compile("(?m)^\\s*requires (?:static |transitive )*([\\w.]+);");
  private static final Pattern WRITTEN_OUT =
      Pattern.compile("(?<![\\w.])[a-z]\\w*(?:\\.[a-z]\\w*)+\\.[A-Z]\\w*");

  /** Comments, text blocks, strings and characters, whichever begins first. */
  private static final Pattern SILENT =
      Pattern.compile(
          "(?s)/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'");

  /** Every source of the product below {@code root}: what lies in a {@code src/main}. */
  static List<SourceFile> below(Path root) {
    var files = new ArrayList<SourceFile>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              String name = folder.getFileName().toString();
              boolean built = name.equals("target") || name.startsWith(".");
              return built && !folder.equals(root)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              String path = root.relativize(file).toString().replace('\\', '/');
              if (path.contains(MAIN) && path.matches(".*\\.(java|cu|cuh)")) {
                files.add(of(path, Files.readString(file)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** A source by its path below the root and its text. */
  static SourceFile of(String path, String text) {
    String code = SILENT.matcher(text).replaceAll(found -> silence(found.group()));
    var uses = new TreeSet<String>();
    Matcher written = WRITTEN_OUT.matcher(code);
    while (written.find()) {
      uses.add(written.group());
    }
    for (Pattern pattern : List.of(IMPORT, REQUIRED)) {
      Matcher named = pattern.matcher(code);
      while (named.find()) {
        uses.add(named.group(1));
      }
    }
    Matcher declared = PACKAGE.matcher(code);
    return new SourceFile(
        path,
        path.substring(0, path.indexOf(MAIN)),
        declared.find() ? declared.group(1) : "",
        uses,
        code,
        (int) text.lines().count());
  }

  private static String silence(String found) {
    return found.startsWith("/") ? " " : "\"\"";
  }

  /** The package of a class, or of all classes of a package. */
  static String packageOf(String name) {
    var words = new ArrayList<String>();
    for (String word : name.split("\\.")) {
      if (word.equals("*") || Character.isUpperCase(word.charAt(0))) {
        break;
      }
      words.add(word);
    }
    return String.join(".", words);
  }

  /** Whether it uses something of a package, or of one below. */
  boolean usesPackage(String name) {
    return uses.stream().map(SourceFile::packageOf).anyMatch(used -> isIn(used, name));
  }

  /** Whether it is of a package, or of one below. */
  boolean isIn(String name) {
    return isIn(packageName, name);
  }

  private static boolean isIn(String inner, String outer) {
    return inner.equals(outer) || inner.startsWith(outer + ".");
  }
}
