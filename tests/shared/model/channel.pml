/* The protocol of a SharedChannel: a bounded ring for many senders and receivers, one bell for each thread,
   masks of those who wait, close in the word of the tail. One statement, or one d_step, is one access to
   shared memory. `node tools/spin.mjs` checks it in the configurations listed there.

   What must be true: nothing ends stuck; each value that was sent is received exactly once when the receivers
   stay to the end; the values of one sender keep their order; nobody writes a payload that is being read or
   reads one that is being written.

   Simplified: of a bell stands here who rang it first since its thread heard it, which is all that can be told by
   comparing its count with what was heard; a waker may claim any bit, which covers every order of claiming; a
   payload is one byte. Positions are bytes that start just below their wrap.

   BUG_... leaves out one thing that is needed. */
#ifndef CAP
#define CAP 1
#endif
#ifndef SENDERS
#define SENDERS 2
#endif
#ifndef RECEIVERS
#define RECEIVERS 1
#endif
#ifndef EACH
#define EACH 1                    /* values of one sender */
#endif
#ifndef START
#define START 252                 /* a multiple of LAP: the first position */
#endif
#if CAP == 1
#define LAP 2
#else
#define LAP 4                     /* for capacities 2 and 3 */
#endif
#ifndef LEAVING
#define LEAVING 1                 /* with QUOTA: so many receivers leave after so many values */
#endif
#define TOTAL (SENDERS * EACH)
#define THREADS (SENDERS + RECEIVERS + 1)
#define INDEX(p) ((p) % LAP)
#ifdef BUG_NAIVE_STAMPS           /* the textbook's: position, position + 1, position + capacity */
#define NEXT(p) (((p) + 1) & 255)
#define SLOT(p) ((p) % CAP)
#define RELEASED(p) (((p) + CAP) & 255)
#else
#define NEXT(p) ((INDEX(p) + 1 < CAP -> (p) + 1 : (p) - INDEX(p) + LAP) & 255)
#define SLOT(p) INDEX(p)
#define RELEASED(p) (((p) + LAP) & 255)
#endif
#define PUBLISHED(p) (((p) + 1) & 255)
#define ME (1 << self)

byte stamp[CAP], payload[CAP], readers[CAP];
byte tail = START, head = START;
bool closed;
byte waitingReceivers, waitingSenders;       /* masks */
byte rungBy[THREADS];                        /* 1 + who rang the bell first since it was heard; 0 if nobody */
bool asleep[THREADS];                        /* ASLEEP holds the bell as heard last */
bool parked[THREADS];                        /* in Atomics.wait, or waited for by Atomics.waitAsync */
byte got[TOTAL], received, ended;
bool sent[TOTAL];
byte lastOf[RECEIVERS * SENDERS];

#define OK 0
#define WAIT 1
#define END 2

/* Rings the bell of thread `to`: the first ring since it was heard has to notify. `woke`: nobody else has to be
   woken. */
inline ring(to, woke) {
  d_step {
    first = rungBy[to] == 0;
    if :: first -> rungBy[to] = self + 1 :: else -> skip fi
  };
#ifdef BUG_NO_NOTIFY
  woke = true;
#else
  if :: first && rungBy[to] == self + 1 && asleep[to] ->
#ifdef BUG_TAKES_ASLEEP_BACK
        asleep[to] = false;
#endif
        d_step { woke = parked[to]; parked[to] = false }
     :: else -> woke = true
  fi;
#endif
#ifdef BUG_NOBODY_WOKEN
  woke = true;
#endif
  first = false
}

/* A process is in one wakeOne() or wakeAll() at a time: these belong to it. */
#define WAKER byte seen, tried, claimed, target; bool first, woke, wasSet

inline choose(target, from) {
  if :: (from & 1) -> target = 0 :: (from & 2) -> target = 1 :: (from & 4) -> target = 2
     :: (from & 8) -> target = 3 :: (from & 16) -> target = 4 fi
}

inline wakeOne(mask) {
  woke = false;
  do
  :: woke -> break
  :: else ->
     seen = mask & (255 - tried);
     if :: seen == 0 -> break
        :: else ->
           d_step {
             choose(target, seen);
             claimed = 1 << target;
             tried = tried | claimed;
             wasSet = (mask & claimed) != 0;
             mask = mask & (255 - claimed)
           };
           if :: wasSet -> ring(target, woke)
              :: else -> skip
           fi
     fi
  od;
  skip;
  d_step { seen = 0; tried = 0; claimed = 0; target = 0; woke = false; wasSet = false }
}

inline wakeAll(mask) {
  d_step { seen = mask; mask = 0 };
  do
  :: seen == 0 -> break
  :: else ->
     d_step { choose(target, seen); seen = seen & (255 - (1 << target)) };
     ring(target, woke)
  od;
  target = 0; woke = false
}

inline receiverIsReady() {
  do :: h = head;
        if :: stamp[SLOT(h)] == PUBLISHED(h) -> woke = true; break
           :: else -> if :: head == h -> woke = false; break :: else -> skip fi
        fi od;
  h = 0
}
inline senderIsReady() {
  do :: t = tail;
        if :: stamp[SLOT(t)] == t -> woke = true; break
           :: else -> if :: tail == t -> woke = false; break :: else -> skip fi
        fi od;
  t = 0
}
/* On leaving: whose bit was claimed was woken, maybe for a value that he does not take. And who has taken one may
   have been woken before, for a value behind one that was not yet published, have found nothing, and have set his
   bit again: so he always looks whether there is more. */
#ifdef BUG_BATON_IF_CLAIMED
#define OWES (!wasSet)
#else
#define OWES (!wasSet || r == OK)
#endif
inline clear(mask) {
#ifdef BUG_CLEARS_ANOTHER
  d_step { wasSet = (mask & ME) != 0; mask = mask & (mask - 1) }
#else
  d_step { wasSet = (mask & ME) != 0; mask = mask & (255 - ME) }
#endif
}
inline leaveReceivers() {
  clear(waitingReceivers);
#ifndef BUG_NO_BATON
  if :: OWES -> receiverIsReady(); if :: woke -> wakeOne(waitingReceivers) :: else -> skip fi
     :: else -> skip fi;
#endif
  wasSet = false
}
inline leaveSenders() {
  clear(waitingSenders);
#ifndef BUG_NO_BATON
  if :: OWES -> senderIsReady(); if :: woke -> wakeOne(waitingSenders) :: else -> skip fi
     :: else -> skip fi;
#endif
  wasSet = false
}

inline hear() {
  d_step {
    if :: rungBy[self] != 0 -> rungBy[self] = 0; asleep[self] = false :: else -> skip fi
  }
}
/* Falls asleep, unless the bell was rung since it was heard. A wait that is armed already goes on. */
inline fallAsleep() {
  if :: armed -> skip
     :: else ->
        asleep[self] = true;
        d_step { parked[self] = (rungBy[self] == 0); armed = true }
  fi
}
inline sleep() {
  fallAsleep();
  d_step { !parked[self] -> armed = false }
}

inline push(value) {
  do
#ifdef BUG_CLOSED_APART
  :: c = closed; t = tail;
#else
  :: d_step { t = tail; c = closed };
#endif
     if :: c -> r = END; break
        :: else ->
           if :: stamp[SLOT(t)] == t ->
#ifdef BUG_CLOSED_APART
                 if :: d_step { tail == t -> tail = NEXT(t) };
#else
                 if :: d_step { (tail == t && !closed) -> tail = NEXT(t) };
#endif
                       d_step { assert(readers[SLOT(t)] == 0); payload[SLOT(t)] = 255 };
                       payload[SLOT(t)] = value;
                       d_step { stamp[SLOT(t)] = PUBLISHED(t); sent[value] = true };
                       r = OK; break
                    :: else -> skip fi
              :: else ->
#ifdef BUG_FULL_ONCE
                 r = WAIT; break
#else
                 if :: d_step { (tail == t && closed == c) -> r = WAIT }; break
                    :: else -> skip fi
#endif
           fi
     fi
  od;
  t = 0; c = false
}
inline afterPush() {
#ifdef BUG_CLOSED_WAKES_ONE
  wakeOne(waitingReceivers)
#else
  if :: closed -> wakeAll(waitingReceivers) :: else -> wakeOne(waitingReceivers) fi
#endif
}

inline pop() {
  do
  :: h = head;
     if :: stamp[SLOT(h)] == PUBLISHED(h) ->
           if :: d_step { head == h -> head = NEXT(h) };
                 readers[SLOT(h)]++;
                 d_step { v = payload[SLOT(h)]; readers[SLOT(h)]--; assert(v != 255) };
                 stamp[SLOT(h)] = RELEASED(h);
                 r = OK; break
              :: else -> skip fi
        :: else ->
           d_step { t = tail; c = closed };
           if :: t == h -> if :: c -> r = END :: else -> r = WAIT fi; break
              :: else ->
#ifdef BUG_EMPTY_ONCE
                 r = WAIT; break
#else
                 if :: head == h -> r = WAIT; break :: else -> skip fi
#endif
           fi
     fi
  od;
  h = 0; t = 0; c = false
}

inline take() {
  d_step {
    got[v]++; received++; n++;
    assert(got[v] == 1);
    assert(lastOf[who * SENDERS + v / EACH] <= v % EACH);
    lastOf[who * SENDERS + v / EACH] = v % EACH + 1;
    v = 0
  }
}

/* The bell is heard first, then the bit is set, then comes the attempt. While a wait is armed it is not heard
   again: it has not been rung, or the wait is over and the thread will notice. */
inline prepare(mask) {
#ifndef BUG_HEARS_LATE
  if :: armed -> skip :: else -> hear() fi;
#endif
#ifndef BUG_ENLISTS_LATE
  mask = mask | ME
#else
  skip
#endif
}
inline afterAttempt(mask) {
#ifdef BUG_HEARS_LATE
  hear();
#endif
#ifdef BUG_ENLISTS_LATE
  mask = mask | ME
#else
  skip
#endif
}

proctype Sender(byte self) {
  byte m, t, r; bool c, armed;
  WAKER;
  do
  :: m < EACH ->
     push(self * EACH + m);
     if :: r == WAIT ->
           do
           :: prepare(waitingSenders);
              push(self * EACH + m);
              if :: r != WAIT -> leaveSenders(); break
                 :: else -> afterAttempt(waitingSenders); sleep() fi
           od
        :: else -> skip fi;
     if :: r == END -> break
        :: else -> afterPush(); m++ fi
  :: else -> break
  od;
  ended++
}

/* What the first receiver may do while it waits.
   ABORT: give up although its wait goes on, as a promise can, and come back or not.
   DIES: die in its sleep, and nobody hears of it: it stays in the mask and counts as asleep. One value: a wake goes
   on to another thread when nobody was woken by it. That is for the time until the burial, and no more than that: who
   is rung twice, first late and then once more, may be asleep, dead, or awake, and nobody can tell.
   DIES and BURIED: die in its sleep, and be buried at any time after that.
   BURIED: die after it was woken, so that its wake is lost, and be buried. */
inline rest() {
#ifdef ABORT
  fallAsleep();
  if :: !parked[self] -> armed = false
     :: who == 0 -> leaveReceivers(); if :: goto gone :: skip fi
  fi
#else
#ifdef DIES
  fallAsleep();
  if :: !parked[self] -> armed = false
     :: d_step { (who == 0 && parked[self]) -> parked[self] = false };
#ifdef BURIED
        goto dead
#else
        goto gone
#endif
  fi
#else
  sleep();
#ifdef BURIED
  if :: who == 0 -> goto dead :: true -> skip fi
#endif
#endif
#endif
}

proctype Receiver(byte who) {
  byte h, t, v, r, n; bool c, armed;
  byte self = SENDERS + who;
  WAKER;
  do
  :: pop();
     if :: r == WAIT ->
           do
           :: prepare(waitingReceivers);
              pop();
              if :: r != WAIT -> leaveReceivers(); break
                 :: else -> afterAttempt(waitingReceivers); rest() fi
           od
        :: else -> skip fi;
     if :: r == END -> break
        :: else -> wakeOne(waitingSenders); take() fi;
#ifdef QUOTA
     if :: (who < LEAVING && n == QUOTA) -> break :: else -> skip fi
#endif
  od;
#ifdef BURIED
  goto gone;
dead:
  /* What the thread that started it does when it hears of its end. */
  waitingReceivers = waitingReceivers & (255 - ME);
#ifndef BUG_SILENT_BURIAL
  wakeAll(waitingReceivers);
  wakeAll(waitingSenders);
#endif
#endif
gone:
  ended++
}

proctype Closer(byte self) {
  WAKER;
#ifdef CLOSE_WHEN_RECEIVED
  received == TOTAL;
#endif
  closed = true;
  wakeAll(waitingReceivers);
#ifndef BUG_CLOSE_FORGETS_SENDERS
  wakeAll(waitingSenders);
#endif
  ended++
}

init {
  byte i;
  d_step {
    do :: i < CAP -> stamp[i] = START + i; i++ :: else -> break od;
    i = 0
  };
  atomic {
    do :: i < SENDERS -> run Sender(i); i++ :: else -> break od;
    i = 0;
    do :: i < RECEIVERS -> run Receiver(i); i++ :: else -> break od;
    run Closer(SENDERS + RECEIVERS)
  };
  ended == THREADS;
#ifndef QUOTA
  i = 0;
  do :: i < TOTAL -> assert(!sent[i] || got[i] == 1); i++ :: else -> break od
#endif
}
