package dev.galen.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The walls between modules and packages. Each method names what breaks its rule, a line each. */
final class HouseRules {
  static final int LINES = 400;
  static final int LINES_OF_ENTRANCES = 300;

  private static final String ARCHITECTURES = "dev.galen.model.pretrained.Architectures";
  private static final String GENERATE = "dev.galen.model.generate";

  /** Tensor, its operations and its memory know each other, which each of them is better for. */
  private static final Set<String> TENSOR_CIRCLE =
      Set.of(
          "dev.galen.tensor",
          "dev.galen.tensor.backend",
          "dev.galen.tensor.backend.host",
          "dev.galen.tensor.backend.reference",
          "dev.galen.tensor.memory",
          "dev.galen.tensor.ops");

  private static final List<String> COMMAND_LINES =
      List.of(
          "picocli",
          "info.picocli",
          "com.beust.jcommander",
          "net.sourceforge.argparse4j",
          "org.apache.commons.cli",
          "org.jline");

  private static final List<String> SERVERS =
      List.of(
          "com.sun.net.httpserver",
          "jdk.httpserver",
          "io.helidon",
          "io.javalin",
          "io.netty",
          "io.undertow",
          "jakarta.servlet",
          "jakarta.ws",
          "javax.servlet",
          "org.eclipse.jetty",
          "org.springframework");

  private HouseRules() {}

  /** The packages of Galen's architectures: those that implement the interface. */
  static Set<String> architectures(List<SourceFile> sources) {
    var packages = new TreeSet<String>();
    for (SourceFile source : sources) {
      if (source.module().equals("model") && source.code().contains("implements Architecture<")) {
        packages.add(source.packageName());
      }
    }
    return packages;
  }

  /** No architecture knows another, or how texts are generated. */
  static List<String> architecturesApart(List<SourceFile> sources) {
    var broken = new ArrayList<String>();
    Set<String> architectures = architectures(sources);
    for (String own : architectures) {
      for (SourceFile source : sources) {
        Stream.concat(architectures.stream(), Stream.of(GENERATE))
            .filter(other -> !other.equals(own) && source.isIn(own) && source.usesPackage(other))
            .forEach(other -> broken.add(source.path() + " uses " + other));
      }
    }
    return broken;
  }

  /**
   * {@code Architectures} knows every architecture, and nothing else of the product knows one:
   * samples and benchmarks may.
   */
  static List<String> oneList(List<SourceFile> sources) {
    var broken = new ArrayList<String>();
    for (String architecture : architectures(sources)) {
      boolean listed = false;
      for (SourceFile source : sources) {
        if (!source.usesPackage(architecture) || source.isIn(architecture)) {
          continue;
        }
        boolean list = source.path().endsWith("/" + ARCHITECTURES.replace('.', '/') + ".java");
        listed |= list;
        if (!list && !source.module().equals("bench") && !isSample(source)) {
          broken.add(source.path() + " uses " + architecture);
        }
      }
      if (!listed) {
        broken.add(ARCHITECTURES + " does not list " + architecture);
      }
    }
    return broken;
  }

  private static boolean isSample(SourceFile source) {
    return source.packageName().equals("dev.galen.examples")
        || source.isIn("dev.galen.examples.llama");
  }

  /** {@code train} does not even say the name of an architecture's class. */
  static List<String> trainNamesNone(List<SourceFile> sources) {
    Set<String> architectures = architectures(sources);
    var names = new TreeSet<String>();
    for (SourceFile source : sources) {
      String name = source.path().replaceAll(".*/|\\.java$", "");
      if (architectures.contains(source.packageName()) && !name.equals("package-info")) {
        names.add(name);
      }
    }
    var broken = new ArrayList<String>();
    for (SourceFile source : sources) {
      for (String name : names) {
        if (source.module().equals("train") && says(source, "\\b" + name + "\\b")) {
          broken.add(source.path() + " names " + name);
        }
      }
    }
    return broken;
  }

  private static boolean says(SourceFile source, String pattern) {
    return Pattern.compile(pattern).matcher(source.code()).find();
  }

  /** {@code train} and what lies below it name nothing clinical: that is a user's own. */
  static List<String> clinicalApart(List<SourceFile> sources) {
    return sources.stream()
        .filter(source -> !source.module().startsWith("examples"))
        .filter(source -> says(source, "(?i)clinical"))
        .map(source -> source.path() + " names what is clinical")
        .toList();
  }

  /** {@code model} and {@code train} compute by tensors and operations, not by kernels. */
  static List<String> noKernels(List<SourceFile> sources) {
    String families = families(sources);
    var broken = new ArrayList<String>();
    for (SourceFile source : sources) {
      if (!source.module().equals("model") && !source.module().equals("train")) {
        continue;
      }
      var backends = new TreeSet<>(Set.of("backend\\(\\)", "Backend"));
      Matcher variables = Pattern.compile("\\bBackend (\\w+)").matcher(source.code());
      while (variables.find()) {
        backends.add(variables.group(1));
      }
      String called = "\\b(" + String.join("|", backends) + ")\\s*(\\.|::)\\s*";
      if (says(source, "\\b\\w+Kernels\\b") || says(source, called + "(" + families + ")\\b")) {
        broken.add(source.path() + " calls kernels");
      }
    }
    return broken;
  }

  /** The families' names as a backend gives them, with its record of all of them. */
  private static String families(List<SourceFile> sources) {
    var names = new TreeSet<>(Set.of("kernels"));
    for (SourceFile source : sources) {
      if (source.path().endsWith("/dev/galen/tensor/backend/Kernels.java")) {
        Matcher components = Pattern.compile("\\w+Kernels (\\w+)").matcher(source.code());
        while (components.find()) {
          names.add(components.group(1));
        }
      }
    }
    if (names.size() < 2) {
      throw new IllegalStateException("there is no record Kernels any more to read families from");
    }
    return String.join("|", names);
  }

  /** Command lines and servers are examples; a benchmark has a command line as well. */
  static List<String> facesApart(List<SourceFile> sources) {
    var broken = new ArrayList<String>();
    for (SourceFile source : sources) {
      if (source.module().equals("examples") || source.module().startsWith("examples/")) {
        continue;
      }
      boolean bench = source.module().equals("bench");
      Stream.concat(bench ? Stream.empty() : COMMAND_LINES.stream(), SERVERS.stream())
          .filter(source::usesPackage)
          .forEach(library -> broken.add(source.path() + " uses " + library));
    }
    return broken;
  }

  /** Packages of a module point one way. */
  static List<String> noCircles(List<SourceFile> sources) {
    Map<String, Map<String, Set<String>>> modules = new TreeMap<>();
    for (SourceFile source : sources) {
      if (!source.packageName().isEmpty()) {
        modules
            .computeIfAbsent(source.module(), module -> new TreeMap<>())
            .computeIfAbsent(source.packageName(), name -> new TreeSet<>())
            .addAll(source.uses().stream().map(SourceFile::packageOf).toList());
      }
    }
    var broken = new ArrayList<String>();
    modules.forEach(
        (module, packages) -> {
          packages.forEach(
              (name, used) ->
                  used.removeIf(
                      other ->
                          !packages.containsKey(other)
                              || other.equals(name)
                              || (TENSOR_CIRCLE.contains(name) && TENSOR_CIRCLE.contains(other))));
          for (String name : packages.keySet()) {
            if (reached(name, packages).contains(name)) {
              broken.add(module + ": " + name + " is in a circle of packages");
            }
          }
        });
    return broken;
  }

  private static Set<String> reached(String from, Map<String, Set<String>> packages) {
    var reached = new TreeSet<String>();
    var next = new ArrayDeque<>(packages.get(from));
    while (!next.isEmpty()) {
      String name = next.pop();
      if (reached.add(name)) {
        next.addAll(packages.get(name));
      }
    }
    return reached;
  }

  /** A file is short, unless a program wrote it. */
  static List<String> shortFiles(List<SourceFile> sources) {
    return sources.stream()
        .filter(source -> source.lines() > LINES && !isGenerated(source))
        .map(source -> source.path() + " has " + source.lines() + " lines")
        .toList();
  }

  private static boolean isGenerated(SourceFile source) {
    return source.isIn("dev.galen.kernels.cuda.binding")
        || source.path().endsWith("/dev/galen/kernels/cpu/Microkernels.java");
  }

  /** What a reader opens first fits on two screens. */
  static List<String> shortEntrances(List<SourceFile> sources) {
    var broken = new ArrayList<String>();
    for (String name :
        List.of(
            "model/src/main/java/dev/galen/model/pretrained/Pretrained.java",
            "train/src/main/java/dev/galen/train/Trainer.java",
            "train/src/main/java/dev/galen/train/run/FineTuning.java")) {
      int lines =
          sources.stream()
              .filter(source -> source.path().equals(name))
              .mapToInt(SourceFile::lines)
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("there is no " + name + " any more"));
      if (lines >= LINES_OF_ENTRANCES) {
        broken.add(name + " has " + lines + " lines");
      }
    }
    return broken;
  }
}
