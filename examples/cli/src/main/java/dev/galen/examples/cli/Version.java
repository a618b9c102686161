package dev.galen.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code galen --version} says: the release, the commit if the launcher knows it, the JDK. */
final class Version implements IVersionProvider {
  private static final String FILE = "version.properties";

  @Override
  public String[] getVersion() throws IOException {
    String commit = System.getProperty("galen.commit", "");
    return new String[] {
      "galen %s%s, JDK %s"
          .formatted(
              release(), commit.isEmpty() ? "" : " (commit " + commit + ")", Runtime.version())
    };
  }

  private static String release() throws IOException {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(FILE)) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }
}
