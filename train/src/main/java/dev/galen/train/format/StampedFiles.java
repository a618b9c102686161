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
import java.util.Optional;
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
      stamps.add(stamp(file));
    }
    return new StampedFiles(List.copyOf(files), schemas, stamps);
  }

  /** Of a folder its files' bytes and the newest of their times. */
  private static Stamp stamp(Path path) throws IOException {
    Optional<DataFormat> format = DataFormats.of(path);
    if (format.isEmpty()) {
      return Stamp.of(path);
    }
    var all = new Stamp(0, FileTime.fromMillis(0));
    for (Path file : format.get().files(path)) {
      Stamp one = Stamp.of(file);
      boolean newer = one.modified().compareTo(all.modified()) > 0;
      all = new Stamp(all.bytes() + one.bytes(), newer ? one.modified() : all.modified());
    }
    return all;
  }

  /** The bytes of all files together. */
  long bytes() {
    return stamps.stream().mapToLong(Stamp::bytes).sum();
  }

  @Override
  public void forEach(Consumer<Example> sink) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      if (!stamps.get(i).equals(stamp(files.get(i)))) {
        throw new Origin(files.get(i).toString(), 0)
            .error("changed while it was in use; run again with files that stay as they are");
      }
      DataFiles.read(files.get(i), schemas, sink);
    }
  }
}
