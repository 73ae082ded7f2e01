/* Cosimulation: the tasks $from_myhdl and $to_myhdl, through which a Python simulation drives and reads a Verilog one.

   `make` builds myhdl.vpi for Icarus Verilog. The Python side starts the simulator and leaves the numbers of two
   pipes in the environment. What is said through them, in words between blanks:

     FROM 0 name size ...    the signals that Python drives; the answer is OK
     TO 0 name size ...      the signals that Python reads; the answer is OK
     START                   the answer is OK
     time name hex ...       in every delta cycle: what has changed of the signals that Python reads
     time [hex ...]          the answer: when the next cycle is, and all driven values if one has changed

   One time step of Python's is STEP units of the simulator's; delta cycles are one unit each. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vpi_user.h>

#define STEP 1000
#define LONGEST (1 << 16)

struct signal {
  vpiHandle handle;
  int changed;
};

static struct signal *driven, *seen;
static int driven_count, seen_count;
static int to_python = -1, from_python = -1;
static unsigned long long now;
static int delta;
static int started;
static char message[LONGEST];

static void end(const char *why)
{
  if (why)
    vpi_printf("cosimulation: %s\n", why);
  vpi_control(vpiFinish, why ? 1 : 0);
}

static int connect_pipes(void)
{
  const char *to = getenv("MYHDL_TO_PIPE"), *from = getenv("MYHDL_FROM_PIPE");
  if (to_python >= 0)
    return 1;
  if (!to || !from) {
    end("no Python simulation has started this one");
    return 0;
  }
  to_python = atoi(to);
  from_python = atoi(from);
  return 1;
}

/* Sends `message` and replaces it by the answer; 0 where nobody is there any more. */
static int ask(void)
{
  size_t length = strlen(message);
  ssize_t got;
  if (write(to_python, message, length) != (ssize_t) length)
    return 0;
  got = read(from_python, message, sizeof message - 1);
  if (got <= 0)
    return 0;
  message[got] = 0;
  return 1;
}

static void add_word(const char *word)
{
  size_t length = strlen(message);
  snprintf(message + length, sizeof message - length, "%s ", word);
}

static s_vpi_time in(unsigned int ticks)
{
  s_vpi_time time = { vpiSimTime, 0, ticks, 0 };
  return time;
}

static void call_later(int reason, unsigned long long ticks, PLI_INT32 (*routine)(p_cb_data))
{
  s_vpi_time time = in((unsigned int) (ticks & 0xffffffffu));
  s_cb_data callback = { 0 };
  time.high = (unsigned int) (ticks >> 32);
  callback.reason = reason;
  callback.cb_rtn = routine;
  callback.time = &time;
  vpi_register_cb(&callback);
}

static PLI_INT32 cycle(p_cb_data data);

/* A time step or a delta cycle begins: the driven signals get the values that the last answer brought. */
static PLI_INT32 drive(p_cb_data data)
{
  char *word = strtok(message, " ");
  int i;
  (void) data;
  for (i = 0; i < driven_count && (word = strtok(NULL, " ")); i++) {
    s_vpi_value value;
    value.format = vpiHexStrVal;
    value.value.str = word;
    vpi_put_value(driven[i].handle, &value, NULL, vpiNoDelay);
  }
  call_later(cbReadOnlySynch, 0, cycle);
  return 0;
}

/* Everything has settled: tells Python what has changed, and learns when to go on. */
static PLI_INT32 cycle(p_cb_data data)
{
  unsigned long long next;
  char word[32];
  int i;
  (void) data;
  if (!started) {
    started = 1;
    strcpy(message, "START");
    if (!ask())
      return end(NULL), 0;
  }
  message[0] = 0;
  snprintf(word, sizeof word, "%llu", now);
  add_word(word);
  for (i = 0; i < seen_count; i++) {
    if (seen[i].changed) {
      s_vpi_value value;
      value.format = vpiHexStrVal;
      vpi_get_value(seen[i].handle, &value);
      add_word(vpi_get_str(vpiName, seen[i].handle));
      add_word(value.value.str);
      seen[i].changed = 0;
    }
  }
  if (!ask())
    return end(NULL), 0;
  next = strtoull(message, NULL, 10);
  if (next > now) {
    unsigned long long ticks = (next - now) * STEP - (unsigned long long) delta;
    now = next;
    delta = 0;
    call_later(cbAfterDelay, ticks, drive);
  } else if (++delta >= STEP) {
    end("this does not settle: too many delta cycles in one time step");
  } else {
    call_later(cbAfterDelay, 1, drive);
  }
  return 0;
}

static PLI_INT32 note_change(p_cb_data data)
{
  ((struct signal *) data->user_data)->changed = 1;
  return 0;
}

/* The arguments of a task call, all with a name and a size. */
static struct signal *arguments(int *count)
{
  vpiHandle call = vpi_handle(vpiSysTfCall, NULL), each, arg;
  struct signal *signals = NULL;
  *count = 0;
  if (!(each = vpi_iterate(vpiArgument, call)))
    return NULL;
  while ((arg = vpi_scan(each))) {
    struct signal *more = realloc(signals, (size_t) (*count + 1) * sizeof *signals);
    if (!more) {
      end("no memory");
      break;
    }
    signals = more;
    signals[*count].handle = arg;
    signals[*count].changed = 1;
    ++*count;
  }
  return signals;
}

/* Says which signals a call names; they must be named before anything happens, and once. */
static int introduce(const char *direction, struct signal **signals, int *count)
{
  s_vpi_time time = { vpiSimTime, 0, 0, 0 };
  char word[32];
  int i;
  if (*signals) {
    end("each of $from_myhdl and $to_myhdl is to be called once");
    return 0;
  }
  if (!connect_pipes())
    return 0;
  *signals = arguments(count);
  vpi_get_time(NULL, &time);
  message[0] = 0;
  add_word(direction);
  snprintf(word, sizeof word, "%u", time.low);
  add_word(word);
  for (i = 0; i < *count; i++) {
    add_word(vpi_get_str(vpiName, (*signals)[i].handle));
    snprintf(word, sizeof word, "%d", (int) vpi_get(vpiSize, (*signals)[i].handle));
    add_word(word);
  }
  if (!ask()) {
    end(NULL);
    return 0;
  }
  return 1;
}

static PLI_INT32 from_myhdl(PLI_BYTE8 *data)
{
  (void) data;
  if (introduce("FROM", &driven, &driven_count) && !seen)
    call_later(cbReadOnlySynch, 0, cycle);
  return 0;
}

static PLI_INT32 to_myhdl(PLI_BYTE8 *data)
{
  int i;
  (void) data;
  if (!introduce("TO", &seen, &seen_count))
    return 0;
  for (i = 0; i < seen_count; i++) {
    static s_vpi_time none = { vpiSuppressTime, 0, 0, 0 };
    static s_vpi_value suppressed = { vpiSuppressVal, { 0 } };
    s_cb_data callback = { 0 };
    callback.reason = cbValueChange;
    callback.cb_rtn = note_change;
    callback.obj = seen[i].handle;
    callback.time = &none;
    callback.value = &suppressed;
    callback.user_data = (PLI_BYTE8 *) &seen[i];
    vpi_register_cb(&callback);
  }
  if (!driven)
    call_later(cbReadOnlySynch, 0, cycle);
  return 0;
}

static void add_task(const char *name, PLI_INT32 (*routine)(PLI_BYTE8 *))
{
  s_vpi_systf_data task = { 0 };
  task.type = vpiSysTask;
  task.tfname = (PLI_BYTE8 *) name;
  task.calltf = routine;
  vpi_register_systf(&task);
}

static void add_tasks(void)
{
  add_task("$from_myhdl", from_myhdl);
  add_task("$to_myhdl", to_myhdl);
}

void (*vlog_startup_routines[])(void) = { add_tasks, 0 };
