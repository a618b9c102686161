package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sources of all modules keep {@link HouseRules}, and each rule finds what breaks it. */
class HouseRulesTest {
  private static final String GPT2 = "model/src/main/java/dev/galen/model/gpt2/";
  private static final String BERT = "model/src/main/java/dev/galen/model/bert/";
  private static final String LIST =
      "model/src/main/java/dev/galen/model/pretrained/Architectures.java";
  private static final String TRAIN = "train/src/main/java/dev/galen/train/";
  private static final List<SourceFile> GALEN = SourceFile.below(root());

  @TempDir Path folder;

  /** Where the sources lie; a test that does not find them fails. */
  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("mvnw")) && Files.isDirectory(at.resolve("tensor/src"))) {
        return at;
      }
    }
    throw new IllegalStateException(
        "Galen's sources are not above " + Path.of("").toAbsolutePath());
  }

  @Test
  void everyModuleIsSeen() {
    Set<String> modules = GALEN.stream().map(SourceFile::module).collect(Collectors.toSet());
    var wanted =
        Set.of("tensor", "tensor/testing", "kernels", "tokenizer", "model", "train", "bench");
    assertTrue(modules.containsAll(wanted), modules.toString());
    assertTrue(modules.stream().anyMatch(module -> module.startsWith("examples")));
    assertTrue(HouseRules.architectures(GALEN).contains("dev.galen.model.gpt2"));
    assertTrue(GALEN.size() > 400, "only " + GALEN.size() + " sources");
  }

  @Test
  void noArchitectureKnowsAnotherOrGenerate() {
    assertEquals(List.of(), HouseRules.architecturesApart(GALEN));
  }

  @Test
  void onlyTheListKnowsArchitectures() {
    assertEquals(List.of(), HouseRules.oneList(GALEN));
  }

  @Test
  void trainNamesNoArchitecture() {
    assertEquals(List.of(), HouseRules.trainNamesNone(GALEN));
  }

  @Test
  void whatIsClinicalIsAnExample() {
    assertEquals(List.of(), HouseRules.clinicalApart(GALEN));
  }

  @Test
  void modelAndTrainCallNoKernels() {
    assertEquals(List.of(), HouseRules.noKernels(GALEN));
  }

  @Test
  void commandLinesAndServersAreExamples() {
    assertEquals(List.of(), HouseRules.facesApart(GALEN));
  }

  @Test
  void packagesFormNoCircle() {
    assertEquals(List.of(), HouseRules.noCircles(GALEN));
  }

  @Test
  void filesAreShort() {
    assertEquals(List.of(), HouseRules.shortFiles(GALEN));
  }

  @Test
  void entrancesAreShort() {
    assertEquals(List.of(), HouseRules.shortEntrances(GALEN));
  }

  // ---- each rule finds what breaks it

  /** Two architectures and their list, which keep every rule. */
  private void plantHouse() throws IOException {
    plant(GPT2 + "Gpt2Architecture.java", "class Gpt2Architecture implements Architecture<C> {}");
    plant(BERT + "BertArchitecture.java", "class BertArchitecture implements Architecture<C> {}");
    plant(
        LIST,
        """
        import dev.galen.model.bert.BertArchitecture;
        import dev.galen.model.gpt2.Gpt2Architecture;
        """);
    plant(
        "tensor/src/main/java/dev/galen/tensor/backend/Kernels.java",
        "record Kernels(CopyKernels copy, RandomKernels random) {}");
  }

  private void plant(String path, String code) throws IOException {
    String name = path.replaceAll(".*/java/", "").replaceAll("/[^/]*$", "").replace('/', '.');
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "package " + name + ";\n\n" + code);
  }

  private List<String> broken(Function<List<SourceFile>, List<String>> rule) {
    return rule.apply(SourceFile.below(folder));
  }

  @Test
  void aHouseThatKeepsThemBreaksNone() throws IOException {
    plantHouse();
    plant(
        TRAIN + "Talk.java",
        """
        /** Of Gpt2Architecture and {@link dev.galen.tensor.backend.CopyKernels}. */
        class Talk {
          // import picocli.CommandLine;
          String s = "dev.galen.model.gpt2.Gpt2Architecture \\" backend().copy()";
          long drawn = model.random().seed() + batch.backend().available();
        }
        """);
    for (Function<List<SourceFile>, List<String>> rule :
        List.<Function<List<SourceFile>, List<String>>>of(
            HouseRules::architecturesApart,
            HouseRules::oneList,
            HouseRules::trainNamesNone,
            HouseRules::clinicalApart,
            HouseRules::noKernels,
            HouseRules::facesApart,
            HouseRules::noCircles,
            HouseRules::shortFiles)) {
      assertEquals(List.of(), broken(rule));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import dev.galen.model.gpt2.Gpt2Architecture;",
        "import dev.galen.model.gpt2.*;",
        "import static dev.galen.model.gpt2.Gpt2Architecture.MODEL_TYPE;",
        "import dev.galen.model.generate.Generator;",
        "class Bert { dev.galen.model.gpt2.Gpt2Architecture other; }"
      })
  void anArchitectureThatKnowsAnotherIsFound(String code) throws IOException {
    plantHouse();
    plant(BERT + "Bert.java", code);
    List<String> broken = broken(HouseRules::architecturesApart);
    assertEquals(1, broken.size(), broken.toString());
    assertTrue(broken.getFirst().startsWith(BERT + "Bert.java uses "), broken.getFirst());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model/src/main/java/dev/galen/model/pretrained/Pretrained.java",
        "train/src/main/java/dev/galen/train/Trainer.java",
        "examples/cli/src/main/java/dev/galen/examples/cli/TrainCommand.java",
        "examples/serve/src/main/java/dev/galen/examples/serve/Server.java"
      })
  void anArchitectureThatIsKnownElsewhereIsFound(String path) throws IOException {
    plantHouse();
    plant(path, "import dev.galen.model.bert.BertArchitecture;");
    assertEquals(List.of(path + " uses dev.galen.model.bert"), broken(HouseRules::oneList));
  }

  @Test
  void samplesAndBenchmarksMayKnowArchitectures() throws IOException {
    plantHouse();
    String use = "import dev.galen.model.bert.BertArchitecture;";
    plant("examples/samples/src/main/java/dev/galen/examples/Tour.java", use);
    plant("bench/src/main/java/dev/galen/bench/Rows.java", use);
    assertEquals(List.of(), broken(HouseRules::oneList));
  }

  @Test
  void anArchitectureThatIsNotListedIsFound() throws IOException {
    plantHouse();
    plant(LIST, "import dev.galen.model.gpt2.Gpt2Architecture;");
    assertEquals(
        List.of("dev.galen.model.pretrained.Architectures does not list dev.galen.model.bert"),
        broken(HouseRules::oneList));
  }

  @Test
  void anArchitecturesNameInTrainIsFound() throws IOException {
    plantHouse();
    plant(TRAIN + "run/Run.java", "class Run { Object o = new BertArchitecture(); }");
    assertEquals(
        List.of(TRAIN + "run/Run.java names BertArchitecture"), broken(HouseRules::trainNamesNone));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import dev.galen.tensor.backend.CopyKernels;",
        "void f(Tensor x) { x.backend().copy().fill(x.span(), 0); }",
        "void f(Tensor x) { x.backend()\n    .random()\n    .sample(x); }",
        "void f(Backend place) { place.copy().fill(s, 0); }",
        "Function<Backend, Object> f = Backend::copy;",
        "Object f = model.backend().kernels();"
      })
  void aCallOfKernelsIsFound(String code) throws IOException {
    for (String path : List.of(TRAIN + "Step.java", BERT + "Bert.java")) {
      plantHouse();
      plant(path, code);
      assertEquals(List.of(path + " calls kernels"), broken(HouseRules::noKernels));
      Files.delete(folder.resolve(path));
    }
  }

  @Test
  void whatIsClinicalElsewhereIsFound() throws IOException {
    plant(TRAIN + "run/Corpus.java", "class Corpus { ClinicalTables tables; }");
    plant("model/src/main/java/dev/galen/model/Notes.java", "import org.clinical.Notes;");
    plant(
        "examples/clinical/src/main/java/dev/galen/examples/clinical/A.java", "class Clinical {}");
    plant(TRAIN + "Talk.java", "/** Of clinical text. */ class Talk { String s = \"clinical\"; }");
    assertEquals(
        Set.of(
            TRAIN + "run/Corpus.java names what is clinical",
            "model/src/main/java/dev/galen/model/Notes.java names what is clinical"),
        new TreeSet<>(broken(HouseRules::clinicalApart)));
  }

  @Test
  void familiesThatAreNotFoundFail() throws IOException {
    plant(TRAIN + "Step.java", "class Step {}");
    assertThrows(IllegalStateException.class, () -> broken(HouseRules::noKernels));
  }

  @Test
  void commandLinesAndServersElsewhereAreFound() throws IOException {
    plant(TRAIN + "Options.java", "import picocli.CommandLine;");
    plant(
        "model/src/main/java/dev/galen/model/Hub.java",
        "import com.sun.net.httpserver.HttpServer;");
    plant("bench/src/main/java/dev/galen/bench/Bench.java", "import io.javalin.Javalin;");
    plant("bench/src/main/java/dev/galen/bench/Options.java", "import picocli.CommandLine;");
    plant(
        "examples/serve/src/main/java/dev/galen/examples/Serve.java", "import io.javalin.Javalin;");
    plant(
        "tokenizer/src/main/java/module-info.java",
        "module m {\n  requires static info.picocli;\n}");
    assertEquals(
        Set.of(
            TRAIN + "Options.java uses picocli",
            "model/src/main/java/dev/galen/model/Hub.java uses com.sun.net.httpserver",
            "bench/src/main/java/dev/galen/bench/Bench.java uses io.javalin",
            "tokenizer/src/main/java/module-info.java uses info.picocli"),
        new TreeSet<>(broken(HouseRules::facesApart)));
  }

  @Test
  void aCircleOfPackagesIsFound() throws IOException {
    plant(TRAIN + "data/A.java", "import dev.galen.train.format.B;");
    plant(TRAIN + "format/B.java", "import static dev.galen.train.text.C.c;");
    plant(TRAIN + "text/C.java", "class C { dev.galen.train.data.A a; }");
    plant(TRAIN + "D.java", "import dev.galen.train.data.A;");
    String circle = " is in a circle of packages";
    assertEquals(
        List.of(
            "train: dev.galen.train.data" + circle,
            "train: dev.galen.train.format" + circle,
            "train: dev.galen.train.text" + circle),
        broken(HouseRules::noCircles));
  }

  /** Tensor's own circle is one; what lies around it stays outside. */
  @Test
  void aCircleAroundTensorsOwnIsFound() throws IOException {
    String tensor = "tensor/src/main/java/dev/galen/tensor/";
    plant(tensor + "Tensor.java", "import dev.galen.tensor.ops.AddOp;");
    plant(tensor + "ops/AddOp.java", "import dev.galen.tensor.Tensor;");
    plant(tensor + "io/Files.java", "import dev.galen.tensor.Tensor;");
    assertEquals(List.of(), broken(HouseRules::noCircles));
    plant(tensor + "ops/SaveOp.java", "import dev.galen.tensor.io.Files;");
    plant(tensor + "io/Files.java", "import dev.galen.tensor.ops.AddOp;");
    assertEquals(2, broken(HouseRules::noCircles).size());
  }

  @Test
  void aLongFileIsFound() throws IOException {
    String long401 = "\n".repeat(HouseRules.LINES - 1);
    plant("tensor/src/main/java/dev/galen/tensor/Long.java", long401);
    plant("kernels/src/main/cuda/long.cu", long401);
    plant("kernels/src/main/java/dev/galen/kernels/cuda/binding/nvrtc_h.java", long401);
    plant("kernels/src/main/java/dev/galen/kernels/cpu/Microkernels.java", long401);
    plant("tensor/src/test/java/dev/galen/tensor/LongTest.java", long401);
    plant("tensor/src/main/java/dev/galen/tensor/Short.java", long401.substring(1));
    assertEquals(
        Set.of(
            "tensor/src/main/java/dev/galen/tensor/Long.java has 401 lines",
            "kernels/src/main/cuda/long.cu has 401 lines"),
        new TreeSet<>(broken(HouseRules::shortFiles)));
  }

  @Test
  void aLongEntranceIsFound() throws IOException {
    plant("model/src/main/java/dev/galen/model/pretrained/Pretrained.java", "");
    plant(TRAIN + "run/FineTuning.java", "");
    assertThrows(IllegalStateException.class, () -> broken(HouseRules::shortEntrances));
    plant(TRAIN + "Trainer.java", "\n".repeat(HouseRules.LINES_OF_ENTRANCES - 3));
    assertEquals(List.of(), broken(HouseRules::shortEntrances));
    plant(TRAIN + "Trainer.java", "\n".repeat(HouseRules.LINES_OF_ENTRANCES - 2));
    assertEquals(List.of(TRAIN + "Trainer.java has 300 lines"), broken(HouseRules::shortEntrances));
  }
}
