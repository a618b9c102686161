package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a model go with another that is made of it. */
class CarriedFilesTest {
  @TempDir Path folder;
  private Path source;
  private Path draft;

  @BeforeEach
  void makeFolders() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    draft = Files.createDirectory(folder.resolve("draft"));
  }

  private static void write(Path folder, String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, folder.getFileName() + " " + name);
    }
  }

  private Set<String> carried(Path target) throws IOException {
    Files.createDirectories(target);
    CarriedFiles.copyOthers(source, draft, target);
    return names(draft);
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return new TreeSet<>(
          files
              .filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString())
              .toList());
    }
  }

  @Test
  void wordsAndCodeGoAlongAndDataAndWeightsDoNot() throws IOException {
    write(source, "LICENSE.txt", "licence.TXT", "NOTICE.txt", "requirements.txt", "modeling.py");
    write(source, "train.csv", "TRAIN.TSV", "rows.ndjson", "patients.txt");
    write(source, "MODEL.GGUF", "weights.bin.index.json", "model.onnx_data");
    write(source, "config.json", "generation_config.json", "state.json", "run.json", ".hidden");
    write(source, "spiece.model", "tokenizer_config.json", "figures/loss.png");
    assertEquals(
        new TreeSet<>(
            List.of(
                "LICENSE.txt",
                "figures/loss.png",
                "licence.TXT",
                "modeling.py",
                "NOTICE.txt",
                "requirements.txt")),
        carried(folder.resolve("target")));
    assertEquals("source figures/loss.png", Files.readString(draft.resolve("figures/loss.png")));
  }

  @Test
  void foldersWithModelsOfTheirOwnStay() throws IOException {
    write(source, "other/config.json", "other/card.md", "checkpoint-3/card.md", "onnx/card.md");
    write(source, "additional_chat_templates/a.jinja", "code/card.md", "target/card.md");
    assertEquals(Set.of("code/card.md"), carried(source.resolve("target")));
  }

  @Test
  void dataThatAreNoTextOfThisModelAreTooLarge() throws IOException {
    for (String name : List.of("most.dat", "more.dat")) {
      try (var file = new RandomAccessFile(source.resolve(name).toFile(), "rw")) {
        file.setLength((64L << 20) + (name.equals("more.dat") ? 1 : 0)); // a hole, no bytes
      }
    }
    assertEquals(Set.of("most.dat"), carried(folder.resolve("target")));
  }

  @Test
  void whatAReaderWroteStaysAndCodeIsReplaced() throws IOException {
    Path target = folder.resolve("target");
    write(source, "README.md", "modeling.py", "preprocessor_config.json");
    write(target, "README.md", "modeling.py", "preprocessor_config.json");
    assertEquals(Set.of("modeling.py", "preprocessor_config.json"), carried(target));
  }

  @Test
  void aModelThatIsSavedOverItselfHasItsFilesAlready() throws IOException {
    write(source, "README.md", "modeling.py");
    assertEquals(Set.of(), carried(folder.resolve("draft/../source")));
  }

  @Test
  void templatesThatTheDraftHasStay() throws IOException {
    String rag = "additional_chat_templates/rag.jinja";
    write(source, "chat_template.jinja", "chat_template.json", rag);
    write(source, "additional_chat_templates/notes.txt");
    write(draft, "chat_template.jinja");
    CarriedFiles.copyTemplates(source, draft);
    assertEquals(Set.of("chat_template.jinja", "chat_template.json", rag), names(draft));
    assertEquals(
        "draft chat_template.jinja", Files.readString(draft.resolve("chat_template.jinja")));
    write(source, "additional_chat_templates/tools.jinja");
    CarriedFiles.copyTemplates(source, draft);
    assertEquals(3, names(draft).size(), "the draft's own folder of templates is whole");
  }
}
