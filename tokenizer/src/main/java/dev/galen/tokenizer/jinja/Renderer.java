package dev.galen.tokenizer.jinja;

import dev.galen.tokenizer.jinja.JinjaTemplate.Span;
import dev.galen.tokenizer.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Runs statements, which write the text. */
final class Renderer {
  /** Where a body goes on. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Budget budget = new Budget();
  private final Evaluator evaluator;
  private final Scope outermost = Scope.outermost();
  private final StringBuilder text = new StringBuilder();
  private final List<Span> generated = new ArrayList<>();

  /** What is written to now: the text, or what a macro or block captures. */
  private StringBuilder out = text;

  Renderer(Map<String, List<Statement>> blocks, Function<String, Object> outside) {
    this.evaluator = new Evaluator(budget, outside);
    outermost.set("self", new TemplateReference(blocks, this));
  }

  JinjaTemplate.Result render(List<Statement> template) {
    run(template, outermost);
    return new JinjaTemplate.Result(text.toString(), List.copyOf(generated));
  }

  Object value(Expression expression, Scope scope) {
    return evaluator.value(expression, scope);
  }

  /** What a named block writes, which sees the names of the whole template only. */
  String block(List<Statement> body) {
    return capture(body, outermost.inner());
  }

  /** What a body writes. */
  String capture(List<Statement> body, Scope scope) {
    var captured = new StringBuilder();
    captureInto(captured, body, scope);
    return captured.toString();
  }

  private Flow captureInto(StringBuilder captured, List<Statement> body, Scope scope) {
    StringBuilder before = out;
    out = captured;
    try {
      return run(body, scope);
    } finally {
      out = before;
    }
  }

  private Flow run(List<Statement> body, Scope scope) {
    budget.enter();
    for (Statement statement : body) {
      budget.step();
      Flow flow;
      try {
        flow = run(statement, scope);
      } catch (JinjaException e) {
        throw e.at(statement.line());
      }
      if (flow != Flow.NEXT) {
        budget.leave();
        return flow;
      }
    }
    budget.leave();
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Scope scope) {
    switch (statement) {
      case Statement.Text data -> write(data.text());
      case Statement.Output output ->
          output.values().forEach(one -> write(Values.str(value(one, scope), budget)));
      case Statement.Assign assign -> assign(assign.target(), value(assign.value(), scope), scope);
      case Statement.If test -> {
        return choose(test, scope);
      }
      case Statement.For loop -> loop(loop, value(loop.items(), scope), scope, 0);
      case Statement.AssignBlock block -> {
        return assignBlock(block, scope);
      }
      case Statement.FilterBlock block -> {
        var captured = new StringBuilder();
        Flow flow = captureInto(captured, block.body(), scope.inner());
        if (flow != Flow.NEXT) {
          return flow;
        }
        Object filtered = evaluator.filter(block.filter(), scope, captured.toString());
        write(Values.str(filtered, budget));
      }
      case Statement.With with -> {
        return with(with, scope);
      }
      case Statement.Macro macro ->
          scope.set(
              macro.name(), new Macro(macro.name(), macro.signature(), macro.body(), scope, this));
      case Statement.CallBlock block -> {
        var caller = new Macro("caller", block.signature(), block.body(), scope, this);
        Object result = evaluator.call(block.call(), scope, Map.of("caller", caller));
        write(Values.str(result, budget));
      }
      case Statement.Block block -> run(block.body(), outermost.inner());
      case Statement.Generation generation -> {
        String said = capture(generation.body(), scope.inner());
        generated.add(new Span(text.length(), text.length() + said.length()));
        write(said);
      }
      case Statement.Break end -> {
        return Flow.BREAK;
      }
      case Statement.Continue next -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private void write(String part) {
    budget.spend(part.length());
    out.append(part);
  }

  private Flow choose(Statement.If test, Scope scope) {
    for (int i = 0; i < test.bodies().size(); i++) {
      boolean otherwise = i >= test.tests().size();
      if (otherwise || Values.isTrue(value(test.tests().get(i), scope))) {
        return run(test.bodies().get(i), scope);
      }
    }
    return Flow.NEXT;
  }

  private Flow assignBlock(Statement.AssignBlock block, Scope scope) {
    var captured = new StringBuilder();
    Flow flow = captureInto(captured, block.body(), scope.inner());
    if (flow == Flow.NEXT) {
      Object value = captured.toString();
      if (block.filter() != null) {
        value = evaluator.filter(block.filter(), scope, value);
      }
      assign(block.target(), value, scope);
    }
    return flow;
  }

  private Flow with(Statement.With with, Scope scope) {
    Scope inner = scope.inner();
    List<Object> values = new ArrayList<>();
    with.values().forEach(one -> values.add(value(one, scope)));
    for (int i = 0; i < values.size(); i++) {
      assign(with.targets().get(i), values.get(i), inner);
    }
    return run(with.body(), inner);
  }

  private void loop(Statement.For loop, Object source, Scope scope, int depth) {
    Object items = source;
    if (loop.test() != null) {
      Iterator<Object> all = Values.iterator(source, budget);
      items =
          new Generator(
              Selection.filtered(
                  all,
                  item -> {
                    Scope inner = scope.inner();
                    assign(loop.target(), item, inner);
                    return Values.isTrue(value(loop.test(), inner));
                  }));
    }
    Loop.Recursion recursion =
        loop.recursive() ? (inner, deeper) -> recurse(loop, inner, scope, deeper) : null;
    var state = new Loop(items, Values.iterator(items, budget), depth, recursion);
    boolean none = true;
    while (state.hasNext()) {
      budget.step();
      none = false;
      Scope inner = scope.inner();
      Object item = state.next();
      inner.set("loop", state);
      assign(loop.target(), item, inner);
      if (run(loop.body(), inner) == Flow.BREAK) {
        break;
      }
    }
    if (none) {
      run(loop.otherwise(), scope.inner());
    }
  }

  private String recurse(Statement.For loop, Object items, Scope scope, int depth) {
    var captured = new StringBuilder();
    StringBuilder before = out;
    out = captured;
    try {
      loop(loop, items, scope, depth);
    } finally {
      out = before;
    }
    return captured.toString();
  }

  private void assign(Target target, Object value, Scope scope) {
    switch (target) {
      case Target.ToName name -> scope.set(name.name(), value);
      case Target.ToAttribute to -> {
        if (!(evaluator.name(to.namespace(), scope) instanceof Namespace namespace)) {
          throw new JinjaException("cannot assign attribute on non-namespace object");
        }
        namespace.attributes.put(to.attribute(), value);
      }
      case Target.ToTuple tuple -> unpack(tuple.targets(), value, scope);
    }
  }

  private void unpack(List<Target> targets, Object value, Scope scope) {
    if (!Values.isIterable(value)) {
      throw new JinjaException(
          "cannot unpack non-iterable %s object".formatted(Values.typeName(value)));
    }
    List<Object> items = Values.elements(value, budget);
    if (items.size() > targets.size()) {
      throw new JinjaException("too many values to unpack (expected %d)".formatted(targets.size()));
    }
    if (items.size() < targets.size()) {
      throw new JinjaException(
          "not enough values to unpack (expected %d, got %d)"
              .formatted(targets.size(), items.size()));
    }
    for (int i = 0; i < items.size(); i++) {
      assign(targets.get(i), items.get(i), scope);
    }
  }
}
