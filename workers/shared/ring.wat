;; The core of a channel: what ring.ts and bells.ts say, in WebAssembly. Their comments say what must be true; the
;; names are those of layout.ts, with offsets in bytes.
;;
;; A thread can be killed at a loop header and on entry to a function, and nowhere else. So between a claim and the
;; publication, or the release, or the ring that goes with it, there is neither; memory.copy and memory.atomic.notify
;; are instructions.
;;
;; tools/build_ring.mjs makes ring_code.ts of this file.
(module
  (import "shared" "memory" (memory 1 65536 shared))

  ;; Puts a value into a channel. 0: done; -1: full; -2: closed.
  (func $push (export "push")
    (param $channel i32) (param $from i32) (param $header i32) (param $self i32) (param $wake i32) (result i32)
    (local $tail i32) (local $position i32) (local $index i32) (local $slot i32) (local $bytes i32)
    (loop $again
      (local.set $tail (i32.atomic.load offset=64 (local.get $channel)))
      (if (i32.and (local.get $tail) (i32.const 1)) (then (return (i32.const -2))))
      (local.set $position (i32.shr_u (local.get $tail) (i32.const 1)))
      (local.set $index
        (i32.and (local.get $position) (i32.sub (i32.load offset=20 (local.get $channel)) (i32.const 1))))
      (local.set $slot
        (i32.add
          (i32.load offset=28 (local.get $channel))
          (i32.mul (local.get $index) (i32.load offset=24 (local.get $channel)))))
      (if (i32.ne (i32.atomic.load (local.get $slot)) (local.get $position))
        (then
          (br_if $again (i32.ne (i32.atomic.load offset=64 (local.get $channel)) (local.get $tail)))
          (return (i32.const -1))))
      (br_if $again
        (i32.ne
          (i32.atomic.rmw.cmpxchg offset=64 (local.get $channel)
            (local.get $tail)
            (i32.shl
              (call $after (local.get $channel) (local.get $position) (local.get $index))
              (i32.const 1)))
          (local.get $tail))))

    ;; Claimed.
    (i32.store offset=4 (local.get $slot) (local.get $header))
    (local.set $bytes
      (select
        (i32.const 8)
        (i32.and (local.get $header) (i32.const 0x0fffffff))
        (i32.and (local.get $header) (i32.const 0x40000000))))
    (i64.store offset=8 (local.get $slot) (i64.load (local.get $from)))
    (if (i32.gt_u (local.get $bytes) (i32.const 8))
      (then
        (if (i32.gt_u (local.get $bytes) (i32.const 56))
          (then
            (memory.copy
              (i32.add (local.get $slot) (i32.const 16))
              (i32.add (local.get $from) (i32.const 8))
              (i32.sub (local.get $bytes) (i32.const 8))))
          (else
            (v128.store offset=16 (local.get $slot) (v128.load offset=8 (local.get $from)))
            (v128.store offset=32 (local.get $slot) (v128.load offset=24 (local.get $from)))
            (v128.store offset=48 (local.get $slot) (v128.load offset=40 (local.get $from)))))))
    (i32.atomic.store (local.get $slot) (i32.add (local.get $position) (i32.const 1)))
    (if (i32.and (local.get $header) (i32.const 0x40000000))
      (then (i32.store offset=76 (i32.shl (local.get $self) (i32.const 8)) (i32.const 0))))
    ;; Published.

    (if (i32.and (i32.atomic.load offset=64 (local.get $channel)) (i32.const 1))
      (then (call $wakeAll (i32.add (local.get $channel) (i32.const 192))))
      (else
        (if (local.get $wake)
          (then
            (if
              (i32.or
                (i32.atomic.load offset=192 (local.get $channel))
                (i32.atomic.load offset=196 (local.get $channel)))
              (then
                (drop
                  (call $wakeOne
                    (i32.add (local.get $channel) (i32.const 192))
                    (local.get $self)
                    (local.get $position)))))))))
    (i32.const 0))

  ;; Takes the next value. Its header; or -1: none; -2: none, and there never will be.
  (func $pop (export "pop")
    (param $channel i32) (param $to i32) (param $self i32) (param $wake i32) (result i32)
    (local $position i32) (local $index i32) (local $slot i32) (local $tail i32) (local $header i32)
    (local $bytes i32)
    (loop $again
      (local.set $position (i32.atomic.load offset=128 (local.get $channel)))
      (local.set $index
        (i32.and (local.get $position) (i32.sub (i32.load offset=20 (local.get $channel)) (i32.const 1))))
      (local.set $slot
        (i32.add
          (i32.load offset=28 (local.get $channel))
          (i32.mul (local.get $index) (i32.load offset=24 (local.get $channel)))))
      (if
        (i32.ne (i32.atomic.load (local.get $slot)) (i32.add (local.get $position) (i32.const 1)))
        (then
          (local.set $tail (i32.atomic.load offset=64 (local.get $channel)))
          (if (i32.eq (i32.shr_u (local.get $tail) (i32.const 1)) (local.get $position))
            (then
              (return (i32.sub (i32.const -1) (i32.and (local.get $tail) (i32.const 1))))))
          (br_if $again (i32.ne (i32.atomic.load offset=128 (local.get $channel)) (local.get $position)))
          (return (i32.const -1))))
      (br_if $again
        (i32.ne
          (i32.atomic.rmw.cmpxchg offset=128 (local.get $channel)
            (local.get $position)
            (call $after (local.get $channel) (local.get $position) (local.get $index)))
          (local.get $position))))

    ;; Claimed.
    (local.set $header (i32.load offset=4 (local.get $slot)))
    (local.set $bytes
      (select
        (i32.const 8)
        (i32.and (local.get $header) (i32.const 0x0fffffff))
        (i32.and (local.get $header) (i32.const 0x40000000))))
    (i64.store (local.get $to) (i64.load offset=8 (local.get $slot)))
    (if (i32.gt_u (local.get $bytes) (i32.const 8))
      (then
        (if (i32.gt_u (local.get $bytes) (i32.const 56))
          (then
            (memory.copy
              (i32.add (local.get $to) (i32.const 8))
              (i32.add (local.get $slot) (i32.const 16))
              (i32.sub (local.get $bytes) (i32.const 8))))
          (else
            (v128.store offset=8 (local.get $to) (v128.load offset=16 (local.get $slot)))
            (v128.store offset=24 (local.get $to) (v128.load offset=32 (local.get $slot)))
            (v128.store offset=40 (local.get $to) (v128.load offset=48 (local.get $slot)))))))
    (if (i32.and (local.get $header) (i32.const 0x40000000))
      (then
        (i32.store offset=76 (i32.shl (local.get $self) (i32.const 8)) (i32.load (local.get $to)))))
    (i32.atomic.store (local.get $slot)
      (i32.and
        (i32.add (local.get $position) (i32.load offset=20 (local.get $channel)))
        (i32.const 0x7fffffff)))
    ;; Released.

    (if (local.get $wake)
      (then
        (if
          (i32.or
            (i32.atomic.load offset=256 (local.get $channel))
            (i32.atomic.load offset=260 (local.get $channel)))
          (then
            (drop
              (call $wakeOne
                (i32.add (local.get $channel) (i32.const 256))
                (local.get $self)
                (local.get $position)))))))
    (local.get $header))

  ;; Puts up to $count values into a channel: records of 8 bytes, the second word of which is the header, and the
  ;; payload. Eight at a time with one claim, where their payloads have 1 to 8 bytes and the slots follow each other:
  ;; only the stamp of the first is an atomic store, the dearest instruction there is, and it comes last. Nobody looks at
  ;; a slot before the one in front of it; who does so late, when it has gone round, finds that he cannot claim it.
  ;; How many it were; or what push says to the first.
  (func (export "pushMany")
    (param $channel i32) (param $from i32) (param $count i32) (param $self i32) (param $wake i32) (result i32)
    (local $done i32) (local $tail i32) (local $position i32) (local $index i32) (local $result i32)
    (local $slot i32) (local $stride i32) (local $nth i32)
    (block $end
      (loop $next
        (br_if $end (i32.eq (local.get $done) (local.get $count)))
        (block $single
          (br_if $single (i32.lt_u (i32.sub (local.get $count) (local.get $done)) (i32.const 8)))
          (local.set $tail (i32.atomic.load offset=64 (local.get $channel)))
          (br_if $single (i32.and (local.get $tail) (i32.const 1)))
          (local.set $position (i32.shr_u (local.get $tail) (i32.const 1)))
          (local.set $index
            (i32.and (local.get $position) (i32.sub (i32.load offset=20 (local.get $channel)) (i32.const 1))))
          (br_if $single
            (i32.gt_u
              (i32.add (local.get $index) (i32.const 8))
              (i32.load offset=16 (local.get $channel))))
          (local.set $stride (i32.load offset=24 (local.get $channel)))
          (local.set $slot
            (i32.add
              (i32.load offset=28 (local.get $channel))
              (i32.mul (local.get $index) (local.get $stride))))
          (local.set $nth (i32.const 0))
          (loop $look
            (br_if $single
              (i32.gt_u
                (i32.sub
                  (i32.and
                    (i32.load offset=4 (i32.add (local.get $from) (i32.shl (local.get $nth) (i32.const 4))))
                    (i32.const 0x4fffffff))
                  (i32.const 1))
                (i32.const 7)))
            (br_if $single
              (i32.ne
                (i32.atomic.load (local.get $slot))
                (i32.add (local.get $position) (local.get $nth))))
            (local.set $nth (i32.add (local.get $nth) (i32.const 1)))
            (if (i32.lt_u (local.get $nth) (i32.const 8))
              (then
                (local.set $slot (i32.add (local.get $slot) (local.get $stride)))
                (br $look))))
          (br_if $next
            (i32.ne
              (i32.atomic.rmw.cmpxchg offset=64 (local.get $channel)
                (local.get $tail)
                (i32.shl
                  (call $after
                    (local.get $channel)
                    (i32.add (local.get $position) (i32.const 7))
                    (i32.add (local.get $index) (i32.const 7)))
                  (i32.const 1)))
              (local.get $tail)))
          ;; Claimed.
          (i32.store offset=4 (local.get $slot) (i32.load offset=116 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=120 (local.get $from)))
          (i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 8)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store offset=4 (local.get $slot) (i32.load offset=100 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=104 (local.get $from)))
          (i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 7)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store offset=4 (local.get $slot) (i32.load offset=84 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=88 (local.get $from)))
          (i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 6)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store offset=4 (local.get $slot) (i32.load offset=68 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=72 (local.get $from)))
          (i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 5)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store offset=4 (local.get $slot) (i32.load offset=52 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=56 (local.get $from)))
          (i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 4)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store offset=4 (local.get $slot) (i32.load offset=36 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=40 (local.get $from)))
          (i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 3)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store offset=4 (local.get $slot) (i32.load offset=20 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=24 (local.get $from)))
          (i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 2)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store offset=4 (local.get $slot) (i32.load offset=4 (local.get $from)))
          (i64.store offset=8 (local.get $slot) (i64.load offset=8 (local.get $from)))
          (i32.atomic.store (local.get $slot) (i32.add (local.get $position) (i32.const 1)))
          ;; Published.
          (local.set $from (i32.add (local.get $from) (i32.const 128)))
          (local.set $done (i32.add (local.get $done) (i32.const 8)))
          (br $next))
        (local.set $result
          (call $push
            (local.get $channel)
            (i32.add (local.get $from) (i32.const 8))
            (i32.load offset=4 (local.get $from))
            (local.get $self)
            (i32.const 0)))
        (br_if $end (local.get $result))
        (local.set $from (call $recordEnd (local.get $from)))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br $next)))
    (if (i32.eqz (local.get $done)) (then (return (local.get $result))))
    (if (i32.and (i32.atomic.load offset=64 (local.get $channel)) (i32.const 1))
      (then (call $wakeAll (i32.add (local.get $channel) (i32.const 192))))
      (else
        (if (local.get $wake)
          (then
            (call $wakeSome
              (i32.add (local.get $channel) (i32.const 192))
              (local.get $self)
              (local.get $position)
              (local.get $done))))))
    (local.get $done))

  ;; Takes up to $count values, as records like those of pushMany, one after the other, and likewise eight at a time: they
  ;; are read before they are claimed, and are theirs who succeeds in that. One whose payload lies in a block is the last
  ;; one, since a thread has one hand. How many they were; or what pop says to the first.
  (func (export "popMany")
    (param $channel i32) (param $to i32) (param $count i32) (param $self i32) (param $wake i32) (result i32)
    (local $done i32) (local $position i32) (local $index i32) (local $result i32) (local $released i32)
    (local $slot i32) (local $stride i32) (local $nth i32) (local $record i32)
    (block $end
      (loop $next
        (br_if $end (i32.eq (local.get $done) (local.get $count)))
        (block $single
          (br_if $single (i32.lt_u (i32.sub (local.get $count) (local.get $done)) (i32.const 8)))
          (local.set $position (i32.atomic.load offset=128 (local.get $channel)))
          (local.set $released (i32.load offset=20 (local.get $channel)))
          (local.set $index
            (i32.and (local.get $position) (i32.sub (local.get $released) (i32.const 1))))
          (br_if $single
            (i32.gt_u
              (i32.add (local.get $index) (i32.const 8))
              (i32.load offset=16 (local.get $channel))))
          (local.set $released
            (i32.and (i32.add (local.get $position) (local.get $released)) (i32.const 0x7fffffff)))
          (local.set $stride (i32.load offset=24 (local.get $channel)))
          (local.set $slot
            (i32.add
              (i32.load offset=28 (local.get $channel))
              (i32.mul (local.get $index) (local.get $stride))))
          (local.set $record (local.get $to))
          (local.set $nth (i32.const 0))
          (loop $look
            (local.set $nth (i32.add (local.get $nth) (i32.const 1)))
            (br_if $single
              (i32.ne
                (i32.atomic.load (local.get $slot))
                (i32.add (local.get $position) (local.get $nth))))
            (i32.store offset=4 (local.get $record)
              (local.tee $result (i32.load offset=4 (local.get $slot))))
            (br_if $single
              (i32.gt_u
                (i32.sub (i32.and (local.get $result) (i32.const 0x4fffffff)) (i32.const 1))
                (i32.const 7)))
            (i64.store offset=8 (local.get $record) (i64.load offset=8 (local.get $slot)))
            (local.set $record (i32.add (local.get $record) (i32.const 16)))
            (if (i32.lt_u (local.get $nth) (i32.const 8))
              (then
                (local.set $slot (i32.add (local.get $slot) (local.get $stride)))
                (br $look))))
          (br_if $next
            (i32.ne
              (i32.atomic.rmw.cmpxchg offset=128 (local.get $channel)
                (local.get $position)
                (call $after
                  (local.get $channel)
                  (i32.add (local.get $position) (i32.const 7))
                  (i32.add (local.get $index) (i32.const 7))))
              (local.get $position)))
          ;; Claimed.
          (i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 7)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 6)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 5)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 4)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 3)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 2)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 1)))
          (local.set $slot (i32.sub (local.get $slot) (local.get $stride)))
          (i32.atomic.store (local.get $slot) (local.get $released))
          ;; Released.
          (local.set $to (local.get $record))
          (local.set $done (i32.add (local.get $done) (i32.const 8)))
          (br $next))
        (local.set $result
          (call $pop
            (local.get $channel)
            (i32.add (local.get $to) (i32.const 8))
            (local.get $self)
            (i32.const 0)))
        (br_if $end (i32.lt_s (local.get $result) (i32.const 0)))
        (i32.store offset=4 (local.get $to) (local.get $result))
        (local.set $to (call $recordEnd (local.get $to)))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br_if $next (i32.eqz (i32.and (local.get $result) (i32.const 0x40000000))))))
    (if (i32.eqz (local.get $done)) (then (return (local.get $result))))
    (if (local.get $wake)
      (then
        (call $wakeSome
          (i32.add (local.get $channel) (i32.const 256))
          (local.get $self)
          (local.get $position)
          (local.get $done))))
    (local.get $done))

  ;; Where the next record begins.
  (func $recordEnd (param $record i32) (result i32)
    (local $header i32)
    (local.set $header (i32.load offset=4 (local.get $record)))
    (i32.add
      (i32.add (local.get $record) (i32.const 8))
      (i32.and
        (i32.add
          (select
            (i32.const 8)
            (i32.and (local.get $header) (i32.const 0x0fffffff))
            (i32.and (local.get $header) (i32.const 0x40000000)))
          (i32.const 7))
        (i32.const -8))))

  ;; Wakes up to so many of those in the mask, not $self.
  (func $wakeSome (param $mask i32) (param $self i32) (param $turn i32) (param $most i32)
    (loop $again
      (if (call $wakeOne (local.get $mask) (local.get $self) (local.get $turn))
        (then
          (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
          (br_if $again (local.tee $most (i32.sub (local.get $most) (i32.const 1))))))))

  ;; Closes a channel and wakes all. 1: it was open.
  (func (export "close") (param $channel i32) (result i32)
    (if (i32.and (i32.atomic.rmw.or offset=64 (local.get $channel) (i32.const 1)) (i32.const 1))
      (then (return (i32.const 0))))
    (call $wakeAll (i32.add (local.get $channel) (i32.const 192)))
    (call $wakeAll (i32.add (local.get $channel) (i32.const 256)))
    (i32.const 1))

  ;; The position after one.
  (func $after (param $channel i32) (param $position i32) (param $index i32) (result i32)
    (select
      (i32.add (local.get $position) (i32.const 1))
      (i32.and
        (i32.add
          (i32.sub (local.get $position) (local.get $index))
          (i32.load offset=20 (local.get $channel)))
        (i32.const 0x7fffffff))
      (i32.lt_u
        (i32.add (local.get $index) (i32.const 1))
        (i32.load offset=16 (local.get $channel)))))

  ;; Wakes one of those in the mask, not $self. 1: there was one.
  (func $wakeOne (export "wakeOne") (param $mask i32) (param $self i32) (param $turn i32) (result i32)
    (local $start i32) (local $half i32)
    (local.set $start
      (i32.shr_u (i32.mul (local.get $turn) (i32.const 0x9e3779b1)) (i32.const 26)))
    (local.set $half (i32.shr_u (local.get $start) (i32.const 5)))
    (if (call $wakeOneOf (local.get $mask) (local.get $half) (local.get $self) (local.get $start))
      (then (return (i32.const 1))))
    (call $wakeOneOf
      (local.get $mask)
      (i32.xor (local.get $half) (i32.const 1))
      (local.get $self)
      (local.get $start)))

  ;; The same for one of the two words of the mask.
  (func $wakeOneOf
    (param $mask i32) (param $half i32) (param $self i32) (param $start i32) (result i32)
    (local $waiting i32) (local $others i32) (local $place i32)
    (local.set $mask (i32.add (local.get $mask) (i32.shl (local.get $half) (i32.const 2))))
    (local.set $others (i32.const -1))
    (if (i32.eq (i32.shr_u (local.get $self) (i32.const 5)) (local.get $half))
      (then (local.set $others (i32.rotl (i32.const -2) (local.get $self)))))
    (loop $again
      (local.set $waiting (i32.and (i32.atomic.load (local.get $mask)) (local.get $others)))
      (if (i32.eqz (local.get $waiting)) (then (return (i32.const 0))))
      ;; The first set bit from $start on, round the end.
      (local.set $place
        (i32.and
          (i32.add (i32.ctz (i32.rotr (local.get $waiting) (local.get $start))) (local.get $start))
          (i32.const 31)))
      (local.set $others
        (i32.and (local.get $others) (i32.rotl (i32.const -2) (local.get $place))))
      (br_if $again
        (i32.eqz (call $claim (local.get $mask) (local.get $half) (local.get $place)))))
    (i32.const 1))

  ;; Wakes all those in the mask.
  (func $wakeAll (export "wakeAll") (param $mask i32)
    (call $wakeAllOf (local.get $mask) (i32.const 0))
    (call $wakeAllOf (i32.add (local.get $mask) (i32.const 4)) (i32.const 1)))

  (func $wakeAllOf (param $mask i32) (param $half i32)
    (local $waiting i32)
    (local.set $waiting (i32.atomic.load (local.get $mask)))
    (loop $again
      (if (local.get $waiting)
        (then
          (drop (call $claim (local.get $mask) (local.get $half) (i32.ctz (local.get $waiting))))
          (local.set $waiting
            (i32.and (local.get $waiting) (i32.sub (local.get $waiting) (i32.const 1))))
          (br $again)))))

  ;; Claims one bit and rings the bell of its thread. 1: it was there, and the thread will hear it.
  (func $claim (param $mask i32) (param $half i32) (param $place i32) (result i32)
    (local $bit i32) (local $thread i32)
    (local.set $bit (i32.shl (i32.const 1) (local.get $place)))
    (if
      (i32.eqz
        (i32.and
          (i32.atomic.rmw.and (local.get $mask) (i32.xor (local.get $bit) (i32.const -1)))
          (local.get $bit)))
      (then (return (i32.const 0))))
    (local.set $thread
      (i32.shl
        (i32.add (i32.shl (local.get $half) (i32.const 5)) (local.get $place))
        (i32.const 8)))
    (if
      (i32.eq
        (i32.atomic.rmw.add offset=68 (local.get $thread) (i32.const 2))
        (i32.atomic.load offset=72 (local.get $thread)))
      (then
        (return
          (i32.ne
            (memory.atomic.notify offset=68 (local.get $thread) (i32.const -1))
            (i32.const 0)))))
    (i32.eq
      (i32.and (i32.atomic.load offset=64 (local.get $thread)) (i32.const 3))
      (i32.const 1))))
