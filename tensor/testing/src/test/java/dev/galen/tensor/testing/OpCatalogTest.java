package dev.galen.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.ops.UnaryOp;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation has its gradient checked, at awkward sizes; none can be left out. */
class OpCatalogTest {
  static Stream<OpCase> cases() {
    return Stream.of(
            OpCatalog.cases(1, 1),
            OpCatalog.cases(3, 5),
            OpCatalog.cases(5, 1),
            OpCatalog.cases(4, 7))
        .flatMap(cases -> cases.stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsEqualDifferences(OpCase op) {
    GradCheck.check(op.name(), op.run(), op.draw(Device.REFERENCE, DType.F64, 5));
  }

  @Test
  void everyOperationIsInTheCatalogue() throws Exception {
    String folder = UnaryOp.class.getPackageName().replace('.', '/') + "/";
    var tensor = ModuleLayer.boot().configuration().findModule("dev.galen.tensor").orElseThrow();
    try (var reader = tensor.reference().open();
        Stream<String> files = reader.list()) {
      var present =
          files
              .filter(name -> name.startsWith(folder) && name.endsWith("Op.class"))
              .map(name -> name.substring(folder.length(), name.length() - "Op.class".length()))
              .collect(Collectors.toCollection(TreeSet::new));
      var listed =
          OpCatalog.cases(2, 2).stream()
              .map(OpCase::op)
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(present, listed);
    }
  }
}
