Every generator, and that equal options give equal bytes.

  $ for kind in $(pagewalk list generators | sed 1d | sed -n 's/^\([a-z][a-z]*\) .*/\1/p'); do
  >     echo "$kind"
  >     pagewalk gen $kind --accesses 4 --pages 8 --stores 0.5
  >     pagewalk gen $kind --accesses 5000 --pages 8 > a && pagewalk gen $kind --accesses 5000 --pages 8 | cmp - a
  >     wc -l < a
  > done
  sequential
   S 40000000,8
   S 40000008,8
   S 40000010,8
   S 40000018,8
  5000
  stride
   S 40000000,8
   S 40001000,8
   S 40002000,8
   S 40003000,8
  5000
  uniform
   S 40001170,8
   S 400002b0,8
   S 400074a0,8
   S 40000980,8
  5000
  zipf
   S 40006a28,8
   S 40006ca0,8
   S 400073f8,8
   S 40003790,8
  5000
  gaussian
   S 40003050,8
   S 40003130,8
   L 400038e0,8
   L 400033f8,8
  5000
  chase
   S 400032c0,8
   L 40006d80,8
   S 40000340,8
   L 400078c0,8
  5000
  phases
   S 40001228,8
   S 40003050,8
   S 40005e90,8
   S 40007130,8
  5000

The options.

  $ pagewalk gen stride --accesses 4 --pages 4
   L 40000000,8
   L 40001000,8
   L 40002000,8
   L 40003000,8
  $ pagewalk gen stride --accesses 4 --pages 4 --page-size 64K --base 0x7f0000000000
   L 7f0000000000,8
   L 7f0000010000,8
   L 7f0000020000,8
   L 7f0000030000,8
  $ pagewalk gen stride --accesses 3 --pages 4 --stride 64 --base 4096 --stores 1
   S 00001000,8
   S 00001040,8
   S 00001080,8
  $ pagewalk gen uniform --accesses 2 --seed 2
   L 40366a40,8
   L 403b3860,8
  $ pagewalk gen zipf --accesses 2 --exponent 0
   L 4030bb08,8
   L 402c7e98,8

Into a file, compressed by its suffix.

  $ pagewalk gen uniform --accesses 3000 -o plain.trace
  $ pagewalk gen uniform --accesses 3000 | cmp - plain.trace
  $ pagewalk gen uniform --accesses 3000 -o u.trace.zst && zstd -dc u.trace.zst | cmp - plain.trace
  $ pagewalk gen uniform --accesses 3000 -o u.trace.gz && gzip -dc u.trace.gz | cmp - plain.trace
  $ pagewalk gen uniform --accesses 3000 -o u.trace.xz && xz -dc u.trace.xz | cmp - plain.trace
  $ pagewalk gen uniform --accesses 3000 -o u.trace.bz2 && bzip2 -dc u.trace.bz2 | cmp - plain.trace
  $ pagewalk gen uniform --accesses 3000 -o u.trace.lz4 && lz4 -dcq u.trace.lz4 | cmp - plain.trace

What is wrong.

  $ pagewalk gen
  pagewalk: gen needs one KIND; "pagewalk gen --help" shows how
  [2]
  $ pagewalk gen unifrom
  pagewalk: there is no generator 'unifrom'. Did you mean 'uniform'?
  [2]
  $ pagewalk gen noise
  pagewalk: there is no generator 'noise'. There are: sequential, stride, uniform, zipf, gaussian, chase, phases.
  [2]
  $ pagewalk gen uniform zipf
  pagewalk: gen takes one KIND and no more, and there is "zipf"
  [2]
  $ pagewalk gen uniform --accesses 0
  pagewalk: 0 accesses make no trace. Take 1 or more.
  [2]
  $ pagewalk gen uniform --accesses 1e6
  pagewalk: --accesses 1e6: expected a whole number from 0 to 18446744073709551615, in decimal digits
  [2]
  $ pagewalk gen uniform --pages 0
  pagewalk: 0 pages leave nothing to access. Take 1 or more.
  [2]
  $ pagewalk gen phases --pages 7
  pagewalk: phases over 7 pages: each of the 8 phases has pages of its own. Take 8 pages or more.
  [2]
  $ pagewalk gen uniform --page-size 3K
  pagewalk: a page size of 3072 bytes is not a power of two from 64 up. 4K, 64K and 2M are usual.
  [2]
  $ pagewalk gen uniform --page-size 4Q
  pagewalk: --page-size 4Q: expected a size in bytes, such as 64, 4K, 2M or 1G
  [2]
  $ pagewalk gen stride --stride 12
  pagewalk: a stride of 12 bytes is not a multiple of 8, the size of an access. Take 8.
  [2]
  $ pagewalk gen stride --stride 1G
  pagewalk: a stride of 1073741824 bytes passes the footprint, 4194304 bytes (1024 pages of 4096). Take a shorter stride or more pages.
  [2]
  $ pagewalk gen uniform --stride 64
  pagewalk: --stride says nothing to uniform; leave it out
  [2]
  $ pagewalk gen uniform --exponent 1
  pagewalk: --exponent says nothing to uniform; leave it out
  [2]
  $ pagewalk gen zipf --exponent -1
  pagewalk: --exponent -1: expected a number such as 0.99, without a sign
  [2]
  $ pagewalk gen zipf --exponent nan
  pagewalk: --exponent nan: expected a number such as 0.99, without a sign
  [2]
  $ pagewalk gen uniform --stores 1.5
  pagewalk: a share of stores of 1.5 is not between 0 (all loads) and 1 (all stores).
  [2]
  $ pagewalk gen uniform --base 0x10
  pagewalk: the base 0x10 is not a multiple of the page size, 4096 bytes, so that pages would not be pages. 0x0 is.
  [2]
  $ pagewalk gen uniform --base here
  pagewalk: --base here: expected an address of 64 bits, such as 0x7f0000000000
  [2]
  $ pagewalk gen uniform --pages 18446744073709551615
  pagewalk: 18446744073709551615 pages of 4096 bytes from 0x40000000 pass the last address, 2^64 - 1. Take fewer pages, smaller ones or a lower base.
  [2]
  $ pagewalk gen uniform -o no/such/folder
  pagewalk: no/such/folder: cannot be written: No such file or directory
  [2]

Compressed traces carry a checksum: what is damaged does not run.

  $ pagewalk gen uniform --accesses 2000 -o whole.zst
  $ zstd -lv whole.zst 2> /dev/null | grep -c 'Check: XXH64'
  1
  $ cp whole.zst flipped.zst
  $ printf '\377' | dd of=flipped.zst bs=1 seek=5000 conv=notrunc 2> /dev/null
  $ pagewalk run flipped.zst 2>&1 | grep -o 'the zstd data is damaged'
  the zstd data is damaged
