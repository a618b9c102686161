package dev.galen.bench.gpu;

import static dev.galen.tensor.DType.BF16;
import static dev.galen.tensor.DType.F32;

import dev.galen.bench.peer.PythonPeer;
import dev.galen.kernels.cuda.CudaBackend;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The benchmarks of {@code bench/gpu/run}: {@code GpuBench DIRECTORY [SECTION...]} measures all
 * sections or those named, and first of all the limits that they are held against.
 */
public final class GpuBench {
  static final List<String> SECTIONS =
      List.of("gemm", "attention", "norm", "loss", "adamw", "train", "decode");

  private GpuBench() {}

  /** Ends with 1 where Galen has no figure for a row, 2 where it cannot begin. */
  public static void main(String[] args) throws IOException {
    System.exit(run(args));
  }

  private static int run(String[] args) throws IOException {
    if (args.length == 0) {
      System.err.println("GpuBench DIRECTORY [SECTION...]");
      return 2;
    }
    List<String> asked = Arrays.asList(args).subList(1, args.length);
    for (String section : asked) {
      if (!SECTIONS.contains(section)) {
        System.err.println(
            "there is no section " + section + "; sections: " + String.join(" ", SECTIONS));
        return 2;
      }
    }
    Sizes sizes = Sizes.asked();
    Optional<PythonPeer> python = python(sizes);
    try {
      return measure(sizes, python, asked.isEmpty() ? SECTIONS : asked, Path.of(args[0]));
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      return 2;
    } finally {
      if (python.isPresent()) {
        python.get().close();
      }
    }
  }

  /** PyTorch where it sees the GPU; else one line says why it is left out. */
  private static Optional<PythonPeer> python(Sizes sizes) {
    try {
      return Optional.of(PythonPeer.onGpu(sizes == Sizes.FULL ? "cuda" : "cpu"));
    } catch (IOException e) {
      System.err.println("PyTorch is left out: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Returns what {@link #main} ends with. */
  static int measure(
      Sizes sizes, Optional<PythonPeer> python, List<String> sections, Path directory)
      throws IOException {
    String version = python.flatMap(p -> p.version("torch")).map(v -> "PyTorch " + v).orElse("");
    var report = new GpuReport(GpuSetup.here(version), sizes == Sizes.FULL, directory);
    var gpu = (CudaBackend) Device.of("cuda:0").backend();
    var torch = new Torch(python);
    for (GpuRow row : rows(gpu, sizes, torch, sections)) {
      GpuResult result = row.measure(sizes.timer());
      switch (row.name()) {
        case "copy/f32" -> report.roofs().measured(Roof.COPY, result);
        case "gemm/square-bf16" -> report.roofs().measured(Roof.BF16, result);
        case "gemm/square-tf32" -> report.roofs().measured(Roof.TF32, result);
        default -> {}
      }
      System.out.print(report.add(result));
    }
    report.failed().forEach(line -> System.err.println("no figure for " + line));
    return report.failed().isEmpty() ? 0 : 1;
  }

  /** The limits, and the rows of {@code sections}. */
  private static List<GpuRow> rows(
      CudaBackend gpu, Sizes sizes, Torch torch, List<String> sections) {
    var memory = new MemoryRows(gpu, sizes, torch);
    var gemm = new GemmRows(gpu, sizes, torch);
    var rows = new ArrayList<GpuRow>();
    rows.add(memory.copy());
    rows.add(gemm.square(BF16));
    rows.add(gemm.square(F32));
    for (String section : sections) {
      rows.addAll(
          switch (section) {
            case "gemm" -> gemm.rows();
            case "attention" -> new AttentionRows(gpu, sizes, torch).rows();
            case "norm" -> memory.norms();
            case "loss" -> List.of(memory.loss());
            case "adamw" -> List.of(memory.adamW());
            case "train" -> new TrainRows(gpu, sizes, torch).rows();
            default -> new DecodeRows(gpu, sizes, torch).rows();
          });
    }
    return rows;
  }
}
