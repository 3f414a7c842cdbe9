package org.apache.zeppelin.shell;

import java.io.IOException;
import java.util.Properties;
import org.apache.zeppelin.interpreter.Interpreter;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterException;
import org.apache.zeppelin.interpreter.InterpreterResult;

/** A paragraph is a script of bash, and what it prints its result, as it is with upstream's interpreter of this name, for which this one stands. */
public class ShellInterpreter extends Interpreter {
  private volatile Process running;

  public ShellInterpreter(Properties properties) {
    super(properties);
  }

  @Override
  public void open() {}

  @Override
  public InterpreterResult interpret(String script, InterpreterContext context) throws InterpreterException {
    try {
      running = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
      running.getOutputStream().close();
      running.getInputStream().transferTo(context.out);
      return new InterpreterResult(running.waitFor() == 0 ? InterpreterResult.Code.SUCCESS : InterpreterResult.Code.ERROR);
    } catch (IOException | InterruptedException failure) {
      throw new InterpreterException(failure);
    }
  }

  @Override
  public void cancel(InterpreterContext context) {
    close();
  }

  @Override
  public void close() {
    if (running != null) running.destroy();
  }

  @Override
  public FormType getFormType() {
    return FormType.SIMPLE;
  }

  @Override
  public int getProgress(InterpreterContext context) {
    return 0;
  }
}
