package dev.galen.train.format;

import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Files that are read anew each time, and refused once they are no longer what they were. */
record StampedFiles(List<Path> files, RowSchemas schemas, List<Stamp> stamps)
    implements Examples.Source {

  /** What changes when a file does. */
  record Stamp(long bytes, FileTime modified) {
    static Stamp of(Path file) throws IOException {
      return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
    }
  }

  static StampedFiles of(List<Path> files, RowSchemas schemas) throws IOException {
    var stamps = new ArrayList<Stamp>();
    for (Path file : files) {
      stamps.add(Stamp.of(file));
    }
    return new StampedFiles(List.copyOf(files), schemas, stamps);
  }

  /** The bytes of all files together. */
  long bytes() {
    return stamps.stream().mapToLong(Stamp::bytes).sum();
  }

  @Override
  public void forEach(Consumer<Example> sink) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      if (!stamps.get(i).equals(Stamp.of(files.get(i)))) {
        throw new Origin(files.get(i).toString(), 0)
            .error("changed while it was in use; run again with files that stay as they are");
      }
      DataFiles.read(files.get(i), schemas, sink);
    }
  }
}
