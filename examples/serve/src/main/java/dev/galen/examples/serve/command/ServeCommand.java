package dev.galen.examples.serve.command;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.serve.Server;
import dev.galen.examples.serve.access.Access;
import dev.galen.examples.serve.access.KeyFile;
import dev.galen.examples.serve.access.Keys;
import dev.galen.examples.serve.access.RateLimiter;
import dev.galen.examples.serve.access.Sessions;
import dev.galen.examples.serve.model.ServedModel;
import dev.galen.model.engine.EngineConfig;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen serve}. */
@Command(
    name = "serve",
    description = {
      "Serve a model directory to clients of OpenAI's interface, on this machine, without the"
          + " internet.",
      "Without --keys it listens to this machine alone. SIGTERM lets running requests finish."
    },
    mixinStandardHelpOptions = true,
    subcommands = {AuditCommand.class, KeysCommand.class, ProfileCommand.class, StoreCommand.class})
public final class ServeCommand implements Callable<Integer> {
  private static final Duration IDLE = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofHours(8);

  @Spec private CommandSpec spec;

  @Option(names = "--model", paramLabel = "DIR", description = "The model directory.")
  private Path model;

  @Option(
      names = "--adapter",
      paramLabel = "NAME=DIR",
      description = "A LoRA adapter, which requests choose by NAME as their model.")
  private Map<String, Path> adapters = new LinkedHashMap<>();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "0 for a free one (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "Who may ask: the file of `galen serve keys add`.")
  private Path keys;

  @Option(
      names = "--requests-per-minute",
      paramLabel = "N",
      description = "Of each key; 0 for no limit (default: ${DEFAULT-VALUE}).")
  private long requestsPerMinute;

  @Option(
      names = "--tokens-per-minute",
      paramLabel = "N",
      description = "Of each key, prompts and answers; 0 for no limit (default: ${DEFAULT-VALUE}).")
  private long tokensPerMinute;

  @Option(
      names = "--max-requests",
      paramLabel = "N",
      description = "The most texts that are made side by side (default: ${DEFAULT-VALUE}).")
  private int maxRequests = EngineConfig.DEFAULT.mostRunning();

  @Option(
      names = "--max-waiting",
      paramLabel = "N",
      description = "The most requests that wait; one more gets 503 (default: ${DEFAULT-VALUE}).")
  private int maxWaiting = EngineConfig.DEFAULT.mostWaiting();

  @Option(
      names = "--kv-bytes",
      paramLabel = "N",
      description = "The most memory of keys and values (default: ${DEFAULT-VALUE}).")
  private long kvBytes = EngineConfig.DEFAULT.kvBytes();

  @Option(
      names = "--drain-seconds",
      paramLabel = "N",
      description = "How long running requests may take after SIGTERM (default: ${DEFAULT-VALUE}).")
  private int drainSeconds = 30;

  @Option(
      names = "--weights",
      paramLabel = "F32|BF16|INT8",
      description = "How weights lie in memory (default: ${DEFAULT-VALUE}).")
  private WeightFormat weights = WeightFormat.F32;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:0",
      description = "Where to compute (default: a GPU that can be used, else the CPU).")
  private String device;

  /** Made by picocli. */
  public ServeCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (model == null) {
      throw new ParameterException(
          spec.commandLine(), "--model is missing: the directory of the model to serve");
    }
    Consumer<String> log = line -> System.err.println("galen: " + line);
    try (ServedModel served = load()) {
      Keys known = keys == null ? null : new Keys(new KeyFile(keys), log);
      var access = new Access(known, null, new Sessions(IDLE, LONGEST), false);
      var limiter = new RateLimiter(requestsPerMinute, tokensPerMinute);
      var address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new ParameterException(spec.commandLine(), "--host " + host + " is not known");
      }
      try (var server = new Server(served, address, access, limiter, log)) {
        serve(served, server, log);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return 0;
  }

  private ServedModel load() throws IOException {
    EngineConfig config =
        EngineConfig.DEFAULT
            .withMostRunning(maxRequests)
            .withMostWaiting(maxWaiting)
            .withKvBytes(kvBytes);
    Device place = device == null ? Device.best() : Device.of(device);
    return ServedModel.load(model, adapters, place, weights, config);
  }

  private void serve(ServedModel served, Server server, Consumer<String> log)
      throws InterruptedException {
    if (keys == null) {
      log.accept("no --keys: everybody on this machine may ask, and nobody else");
    }
    System.out.printf("serving    %s at http://%s:%d/v1%n", served.name(), host, server.port());
    System.out.println(Disclaimer.TEXT);
    System.out.flush();
    var ended = new CountDownLatch(1);
    var drained = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              ended.countDown();
              try {
                drained.await(); // the JVM goes when this thread has ended
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      ended.await();
      log.accept("draining   up to " + drainSeconds + " s");
      server.drain(Duration.ofSeconds(drainSeconds));
    } finally {
      drained.countDown();
    }
  }
}
