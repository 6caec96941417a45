/** A worker module that cannot be imported. */
throw new RangeError("this module does not like to be imported");
