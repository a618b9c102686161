package dev.galen.tokenizer.jinja;

import dev.galen.tokenizer.jinja.Statement.Signature;
import dev.galen.tokenizer.jinja.Statement.Target;
import dev.galen.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a template's statements. */
final class StatementParser {
  private static final Set<String> OTHER_TEMPLATES = Set.of("include", "import", "from", "extends");

  private final TokenReader in;
  private final ExpressionParser expressions;

  /** The bodies of named blocks, wherever they stand. */
  private final Map<String, List<Statement>> blocks = new HashMap<>();

  /** How many loops of this function's body are open. */
  private int loops;

  /** A template's statements, and the bodies of its named blocks by their names. */
  record Parsed(List<Statement> statements, Map<String, List<Statement>> blocks) {}

  private StatementParser(TokenReader in) {
    this.in = in;
    this.expressions = new ExpressionParser(in);
  }

  static Parsed parse(String template) {
    var parser = new StatementParser(new TokenReader(Lexer.read(template)));
    return new Parsed(parser.body(Set.of(), "the template", 1), Map.copyOf(parser.blocks));
  }

  /** The rest of a tag's head and its body: see {@link #body}. */
  private List<Statement> headAndBody(Set<String> ends, String what) {
    in.skipOperator(":");
    int line = in.current().line();
    in.expect(Kind.BLOCK_END);
    return body(ends, what, line);
  }

  /**
   * Reads up to a tag with one of these names, of which the name is the current token.
   *
   * @param what is not closed if there is none
   * @param line where that begins
   */
  private List<Statement> body(Set<String> ends, String what, int line) {
    in.enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = in.current();
      switch (token.kind()) {
        case DATA -> body.add(new Statement.Text(token.line(), (String) in.next().value()));
        case VARIABLE_BEGIN -> {
          in.next();
          var value = expressions.tuple(true, null, false);
          body.add(new Statement.Output(token.line(), List.of(value)));
          in.expect(Kind.VARIABLE_END);
        }
        case BLOCK_BEGIN -> {
          in.next();
          if (in.current().kind() == Kind.NAME && ends.contains(in.current().value())) {
            in.leave();
            return body;
          }
          body.add(statement());
          in.expect(Kind.BLOCK_END);
        }
        default -> {
          if (!ends.isEmpty()) {
            throw new JinjaException(
                what
                    + " is not closed: expected "
                    + String.join(" or ", ends.stream().sorted().toList()),
                line);
          }
          in.leave();
          return body;
        }
      }
    }
  }

  private List<Statement> blockBody(String end) {
    String what = "{% " + end.substring(3) + " %}";
    List<Statement> body = headAndBody(Set.of(end), what);
    in.next();
    return body;
  }

  /** The body of what is a function, where loops outside cannot be left. */
  private List<Statement> functionBody(String end) {
    int outside = loops;
    loops = 0;
    List<Statement> body = blockBody(end);
    loops = outside;
    return body;
  }

  private Statement statement() {
    int line = in.current().line();
    String tag = in.anyName();
    return switch (tag) {
      case "if" -> ifElse(line);
      case "for" -> loop(line);
      case "set" -> assign(line);
      case "macro" -> macro(line);
      case "call" -> callBlock(line);
      case "filter" -> {
        Expression.Filter filter = expressions.namedFilter(null);
        filter = in.current().isOperator("|") ? expressions.filters(filter) : filter;
        yield new Statement.FilterBlock(line, filter, blockBody("endfilter"));
      }
      case "with" -> with(line);
      case "block" -> block(line);
      case "print" -> print(line);
      case "generation" -> new Statement.Generation(line, functionBody("endgeneration"));
      case "break" -> new Statement.Break(inLoop(line, tag));
      case "continue" -> new Statement.Continue(inLoop(line, tag));
      case "autoescape" -> {
        if (!in.skipName("false") && !in.skipName("False")) {
          throw in.error("{% autoescape %} is supported with false only");
        }
        yield new Statement.With(line, List.of(), List.of(), blockBody("endautoescape"));
      }
      default ->
          throw new JinjaException(
              OTHER_TEMPLATES.contains(tag)
                  ? "{% " + tag + " %} needs another template, which a chat template has not"
                  : "unknown tag '" + tag + "'",
              line);
    };
  }

  private int inLoop(int line, String tag) {
    if (loops == 0) {
      throw new JinjaException("{% " + tag + " %} stands outside of a loop", line);
    }
    return line;
  }

  private Statement ifElse(int line) {
    List<Expression> tests = new ArrayList<>();
    List<List<Statement>> bodies = new ArrayList<>();
    String tag = "if";
    while (!tag.equals("endif")) {
      if (tag.equals("else")) {
        bodies.add(blockBody("endif"));
        break;
      }
      tests.add(expressions.tuple(false, null, false));
      bodies.add(headAndBody(Set.of("elif", "else", "endif"), "{% if %}"));
      tag = in.anyName();
    }
    return new Statement.If(line, tests, bodies);
  }

  private Statement loop(int line) {
    Target target = target("in", false);
    in.expectName("in");
    Expression items = expressions.tuple(false, "recursive", false);
    Expression test = in.skipName("if") ? expressions.expression() : null;
    boolean recursive = in.skipName("recursive");
    loops++;
    List<Statement> body = headAndBody(Set.of("endfor", "else"), "{% for %}");
    loops--;
    List<Statement> otherwise = List.of();
    if (in.anyName().equals("else")) {
      otherwise = blockBody("endfor");
    }
    return new Statement.For(line, target, items, test, recursive, body, otherwise);
  }

  private Statement assign(int line) {
    Target target = target(null, true);
    if (in.skipOperator("=")) {
      return new Statement.Assign(line, target, expressions.tuple(true, null, false));
    }
    boolean filtered = in.current().isOperator("|");
    Expression.Filter filter = filtered ? expressions.filters(null) : null;
    return new Statement.AssignBlock(line, target, filter, blockBody("endset"));
  }

  /** A target, or several with commas between them. */
  private Target target(String end, boolean attributes) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!targetsEnd(end)) {
      targets.add(oneTarget(attributes));
      if (!in.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (targets.isEmpty()) {
      throw in.unexpected("a name");
    }
    return isTuple ? new Target.ToTuple(targets) : targets.getFirst();
  }

  private boolean targetsEnd(String end) {
    Token token = in.current();
    return token.kind() == Kind.BLOCK_END
        || token.isOperator(")")
        || (end != null && token.isName(end));
  }

  private Target oneTarget(boolean attributes) {
    if (in.skipOperator("(")) {
      in.enter();
      Target inner = target(null, false);
      in.expectOperator(")");
      in.leave();
      return inner;
    }
    int line = in.current().line();
    String name = in.anyName();
    if (attributes && in.skipOperator(".")) {
      return new Target.ToAttribute(name, in.anyName());
    }
    if (!(ExpressionParser.constantOrName(name) instanceof Expression.Name)) {
      throw new JinjaException("can't assign to '" + name + "'", line);
    }
    return new Target.ToName(name);
  }

  private Statement macro(int line) {
    String name = in.anyName();
    List<String> names = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    parameters(names, defaults);
    int start = in.position();
    List<Statement> body = functionBody("endmacro");
    return new Statement.Macro(line, name, signature(names, defaults, start), body);
  }

  private Statement callBlock(int line) {
    List<String> names = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    if (in.current().isOperator("(")) {
      parameters(names, defaults);
    }
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw new JinjaException("{% call %} expects a call", line);
    }
    int start = in.position();
    List<Statement> body = functionBody("endcall");
    return new Statement.CallBlock(line, call, signature(names, defaults, start), body);
  }

  private void parameters(List<String> names, List<Expression> defaults) {
    in.expectOperator("(");
    while (!in.skipOperator(")")) {
      names.add(in.anyName());
      if (in.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw in.error("a parameter without a default stands behind one with a default");
      }
      if (!in.current().isOperator(")")) {
        in.expectOperator(",");
      }
    }
  }

  private Signature signature(List<String> names, List<Expression> defaults, int bodyStart) {
    List<Token> body = in.since(bodyStart);
    return new Signature(
        names,
        defaults,
        body.stream().anyMatch(token -> token.isName("varargs")),
        body.stream().anyMatch(token -> token.isName("kwargs")),
        body.stream().anyMatch(token -> token.isName("caller")));
  }

  private Statement with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (in.current().kind() != Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        in.expectOperator(",");
      }
      targets.add(oneTarget(false));
      in.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Statement.With(line, targets, values, blockBody("endwith"));
  }

  private Statement block(int line) {
    String name = in.anyName();
    in.skipName("scoped");
    in.skipName("required");
    List<Statement> body = functionBody("endblock");
    in.skipName(name);
    if (blocks.put(name, body) != null) {
      throw new JinjaException("block " + PythonText.repr(name) + " defined twice", line);
    }
    return new Statement.Block(line, body);
  }

  private Statement print(int line) {
    List<Expression> values = new ArrayList<>();
    while (in.current().kind() != Kind.BLOCK_END) {
      if (!values.isEmpty()) {
        in.expectOperator(",");
      }
      values.add(expressions.expression());
    }
    return new Statement.Output(line, values);
  }
}
