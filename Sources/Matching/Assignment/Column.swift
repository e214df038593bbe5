/// Working memory of one algorithm: as many values as were asked for, without the cost of an array's checks and counts.
///
/// Bounds are checked in debug builds, which is what the tests run.
struct Column<Element: BitwiseCopyable>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(repeating element: Element, count: Int) {
        base = .allocate(capacity: count)
        base.initialize(repeating: element, count: count)
        self.count = count
    }

    init(_ elements: [Element]) {
        base = .allocate(capacity: elements.count)
        _ = UnsafeMutableBufferPointer(start: base, count: elements.count).initialize(from: elements)
        count = elements.count
    }

    deinit { base.deallocate() }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    @inline(__always)
    subscript(index: Int32) -> Element {
        get { self[Int(index)] }
        nonmutating set { self[Int(index)] = newValue }
    }

    /// The same values, for a loop that should not look them up anew each time; good as long as the column is.
    @inline(__always)
    var view: ColumnView<Element> { ColumnView(base: UnsafePointer(base), count: count) }

    /// The values as they are now.
    var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

struct ColumnView<Element: BitwiseCopyable> {
    fileprivate let base: UnsafePointer<Element>
    fileprivate let count: Int

    @inline(__always)
    subscript(index: Int32) -> Element {
        assert(index >= 0 && Int(index) < count)
        return base[Int(index)]
    }
}
